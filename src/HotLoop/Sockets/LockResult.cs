namespace HotLoop.Sockets;

/// <summary>What <see cref="FdLock.TryAcquire"/> found.</summary>
internal enum LockResult
{
    /// <summary>The caller has the direction's lock, and a reference to the descriptor.</summary>
    Acquired,

    /// <summary>Another operation of this direction is under way.</summary>
    Busy,

    /// <summary>The descriptor is closed, or it now belongs to another connection.</summary>
    Closed,
}
