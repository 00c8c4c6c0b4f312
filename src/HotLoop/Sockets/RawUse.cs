using HotLoop.Native;

namespace HotLoop.Sockets;

/// <summary>Lets the caller's own code use the descriptor, again after each event until it says that it is done.</summary>
internal sealed class RawUse(Func<int, bool> use) : SocketOperation
{
    /// <summary>What the caller's code threw, which ended the operation.</summary>
    internal Exception? Fault { get; private set; }

    internal override int Try(SocketFd fd)
    {
        try
        {
            return use(fd.Descriptor) ? 0 : -Errno.EAGAIN;
        }
        catch (Exception e)
        {
            Fault = e;
            return 0;
        }
    }
}
