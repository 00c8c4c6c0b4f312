using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Sockets.Operations;

/// <summary>Waits for the answer to a connect(2) that is under way.</summary>
internal sealed class Connecting : SocketOperation
{
    internal static readonly Connecting Instance = new();

    internal override int Try(SocketFd fd)
    {
        int result = Syscall.GetOption(fd.Descriptor, LibC.SOL_SOCKET, LibC.SO_ERROR, out int error);
        if (result < 0 || error != 0)
        {
            return result < 0 ? result : -error;
        }

        // A spurious wake-up shows no error either: connected is who has a peer.
        return Syscall.PeerAddress(fd.Descriptor, out _) >= 0 ? 0 : -Errno.EAGAIN;
    }
}
