namespace HotLoop;

/// <summary>How the loops of a <see cref="LoopGroup"/> are made. Read once, when the group is made.</summary>
public sealed class LoopOptions
{
    /// <summary>Number of loops, each with a thread of its own. Default 0: one per processor that the process may use.</summary>
    public int LoopCount { get; init; }

    /// <summary>The kernel facility to wait with. Default: epoll, see <see cref="BackendKind.Auto"/>.</summary>
    public BackendKind Backend { get; init; } = BackendKind.Auto;

    /// <summary>
    /// Binds each loop's thread to a processor of its own, in turn over those the process may use. Default false: the
    /// system moves them as it likes.
    /// </summary>
    public bool PinThreads { get; init; }

    /// <summary>
    /// For how long a loop that has nothing to do looks for more, again and again, before it sleeps in the kernel. Default zero: not at all. Up
    /// to a second, or <see cref="Timeout.InfiniteTimeSpan"/>: it never sleeps. What comes within that time is met without a sleep to be ended, by the
    /// kernel or by another thread; the price is the processor's time.
    /// </summary>
    public TimeSpan BusyPoll { get; init; }

    /// <summary>
    /// Bytes of a buffer of a loop's pool, and so the most that one <see cref="Conn.ReadLeaseAsync"/> returns. Default 16,384; at least
    /// 256, at most 1,048,576.
    /// </summary>
    public int BlockSizeBytes { get; init; } = 16 * 1024;

    /// <summary>
    /// Called once for each exception that leaves a connection's handler (<see cref="Conn.Go"/>, <see cref="Server"/>), after the
    /// connection has been closed; on the connection's loop. Not for a connection that was lost (<see cref="LoopGroup.LostConnections"/>) or that the
    /// stopping server closed. Default: a line to standard error, at most ten in ten seconds.
    /// </summary>
    public Action<Conn, Exception>? OnHandlerFault { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(LoopCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LoopCount, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockSizeBytes, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BlockSizeBytes, 1024 * 1024);
        if (BusyPoll != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(BusyPoll, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(BusyPoll, TimeSpan.FromSeconds(1));
        }
    }
}
