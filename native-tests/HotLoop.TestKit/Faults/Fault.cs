namespace HotLoop.TestKit.Faults;

/// <summary>What <see cref="FaultyPoller"/> does to a poller's results. Each is something that a kernel may do.</summary>
internal enum Fault
{
    /// <summary>-EAGAIN though something may be there, as if it came a moment later; so an event follows.</summary>
    WouldBlock,

    /// <summary>Part of what a stream has or takes. A short receive says "emptied", so an event follows.</summary>
    Short,

    /// <summary>ENOBUFS or ENOMEM from a send that allocates in the call: Unix sockets and datagrams. TCP says EAGAIN instead.</summary>
    NoMemory,

    /// <summary>ECONNABORTED, EMFILE, ENFILE, ENOMEM or ENOBUFS from an accept; what waits in the queue stays there.</summary>
    Refused,

    /// <summary>ENOMEM or ENOSPC from a watch, which then has not begun.</summary>
    Unwatched,

    /// <summary>An event comes some waits later.</summary>
    Late,

    /// <summary>An event becomes part of an earlier one of its descriptor that has not been told yet.</summary>
    Joined,

    /// <summary>An event comes twice.</summary>
    Doubled,

    /// <summary>An event that nothing stands behind.</summary>
    Spurious,

    /// <summary>An event of a descriptor that has been closed: its slot may serve another connection by now.</summary>
    Stale,

    /// <summary>The events of a wait in another order.</summary>
    Shuffled,

    /// <summary>A call takes a while, before or after what it does.</summary>
    Slow,
}
