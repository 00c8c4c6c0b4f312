using HotLoop.Native;

namespace HotLoop.Sockets.Operations;

/// <summary>Lets the caller's own code use the descriptor, again after each event until it says that it is done.</summary>
internal sealed class RawUse(Func<int, bool> use, Direction direction) : SocketOperation
{
    /// <summary>EOPNOTSUPP when it would read, and bytes have been received that it would not see.</summary>
    internal override int Try(SocketFd fd)
    {
        fd.Poll.Share(); // code that has the number can make a duplicate
        int result = direction == Direction.Read ? fd.Poll.StopReceivingAhead() : 0;
        return result < 0 ? result : use(fd.Descriptor) ? 0 : -Errno.EAGAIN;
    }
}
