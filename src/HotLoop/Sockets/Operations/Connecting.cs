using HotLoop.Native;

namespace HotLoop.Sockets.Operations;

/// <summary>Waits for the answer to a connect(2) that is under way.</summary>
internal sealed class Connecting : SocketOperation
{
    internal static readonly Connecting Instance = new();

    internal override int Try(SocketFd fd)
    {
        int error = Kernel.Current.TakeError(fd.Descriptor);
        if (error < 0)
        {
            return error;
        }

        // A spurious wake-up shows no error either; only a connected socket has a peer.
        return Kernel.Current.PeerAddress(fd.Descriptor, out _) >= 0 ? 0 : -Errno.EAGAIN;
    }
}
