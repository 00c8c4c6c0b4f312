namespace HotLoop.Sockets;

/// <summary>Waits until a receive would not: data, the end, or an error is there. Takes nothing.</summary>
internal sealed class WaitReadable : SocketOperation
{
    internal static readonly WaitReadable Instance = new();

    internal override int Try(SocketFd fd)
    {
        // An error stands in the socket for the receive that follows, but some errors are told only once: then this one tells.
        int result = fd.Table.Poller.TryPeek(fd.Target);
        return Math.Min(result, 0);
    }
}
