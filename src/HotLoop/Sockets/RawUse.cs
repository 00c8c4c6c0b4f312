using HotLoop.Native;

namespace HotLoop.Sockets;

/// <summary>Lets the caller's own code use the descriptor, again after each event until it says that it is done.</summary>
internal sealed class RawUse(Func<int, bool> use) : SocketOperation
{
    internal override int Try(SocketFd fd)
    {
        fd.MayHaveDuplicates(); // who has the number can make one
        return use(fd.Descriptor) ? 0 : -Errno.EAGAIN;
    }
}
