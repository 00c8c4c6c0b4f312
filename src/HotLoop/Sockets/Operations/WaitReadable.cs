using HotLoop.Polling;

namespace HotLoop.Sockets.Operations;

/// <summary>Waits until a receive would not: data, the end, or an error is there. Takes nothing.</summary>
internal sealed class WaitReadable : SocketOperation
{
    internal static readonly WaitReadable Instance = new();

    internal override Interest Interest => Interest.Receive;

    internal override int Try(SocketFd fd)
    {
        // An error is told once, and this call has heard it.
        int result = fd.Poll.TryPeek();
        return Math.Min(result, 0);
    }
}
