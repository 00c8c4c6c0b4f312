using HotLoop.Polling;

namespace HotLoop.Sockets.Operations;

/// <summary>
/// What a slot does instead of its plain receive or send: how it tries once. The slot repeats it as readiness, deadline and Close
/// allow. Used under the lock of its direction; one object serves one operation at a time.
/// </summary>
internal abstract class SocketOperation
{
    /// <summary>
    /// Tries, without waiting: 0 or more when the operation has ended well, -EAGAIN when it would block,
    /// <see cref="Parking.Outcome.Unfinished"/> to go on in the next tick, else -errno.
    /// </summary>
    internal abstract int Try(SocketFd fd);

    /// <summary>Once it has ended: drops what its caller brought.</summary>
    internal virtual void Clear()
    {
    }

    /// <summary>On the read half: what it wants to be told of. Most read the descriptor itself, and do not see bytes received ahead.</summary>
    internal virtual Interest Interest => Interest.Read;
}
