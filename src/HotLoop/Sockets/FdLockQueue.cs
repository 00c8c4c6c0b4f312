namespace HotLoop.Sockets;

/// <summary>
/// Those who wait for the lock of a direction, first come, first served: the lock is handed over, so a newcomer cannot
/// overtake. Made for a descriptor when two operations of one direction meet for the first time.
/// <para>
/// The gate orders "mark queued and enter the queue" against "look at the queue and unlock" and "close and empty the
/// queue": whoever finds the mark set takes the gate and so finds the entry too.
/// </para>
/// </summary>
internal sealed class FdLockQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource<bool>> _readers = new();
    private readonly Queue<TaskCompletionSource<bool>> _writers = new();

    /// <summary>
    /// True: the caller has the lock, but no reference: it takes that when it runs, so that Close need not wait until it does.
    /// False: the descriptor was closed first.
    /// </summary>
    internal Task<bool> LockAsync(ref FdLock fdLock, Direction direction, uint generation)
    {
        lock (_gate)
        {
            LockResult result = fdLock.LockOrMarkQueued(direction, generation);
            if (result != LockResult.Busy)
            {
                return Task.FromResult(result == LockResult.Acquired);
            }

            TaskCompletionSource<bool> waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            QueueOf(direction).Enqueue(waiter);
            return waiter.Task;
        }
    }

    /// <summary>Gives the lock back, to the next in the queue if there is one.</summary>
    internal void Unlock(ref FdLock fdLock, Direction direction)
    {
        TaskCompletionSource<bool>? next;
        lock (_gate)
        {
            Queue<TaskCompletionSource<bool>> queue = QueueOf(direction);
            if (!queue.TryDequeue(out next) || !fdLock.TryHandOver(direction, queue.Count == 0))
            {
                fdLock.UnlockEmptyQueue(direction);
                next?.SetResult(false);
                return;
            }
        }

        next.SetResult(true);
    }

    /// <summary>After the closed bit was set: nobody queued will get a lock any more.</summary>
    internal void Close()
    {
        List<TaskCompletionSource<bool>> waiters = [];
        lock (_gate)
        {
            waiters.AddRange(_readers);
            waiters.AddRange(_writers);
            _readers.Clear();
            _writers.Clear();
        }

        foreach (TaskCompletionSource<bool> waiter in waiters)
        {
            waiter.SetResult(false);
        }
    }

    private Queue<TaskCompletionSource<bool>> QueueOf(Direction direction) =>
        direction == Direction.Read ? _readers : _writers;
}
