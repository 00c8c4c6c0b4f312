namespace HotLoop.Sockets;

/// <summary>
/// Those who wait for the lock of a direction, first come, first served: the lock is handed over, so a newcomer cannot
/// overtake. Made for a descriptor when two operations of one direction meet for the first time.
/// <para>
/// The gate orders "mark queued and enter the queue" against "look at the queue and unlock" and "close and empty the
/// queue": whoever finds the mark set takes the gate and so finds the entry too, or an empty queue when those in it have left.
/// </para>
/// </summary>
internal sealed class FdLockQueue
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _readers = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _writers = new();

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
            QueueOf(direction).AddLast(waiter);
            return waiter.Task;
        }
    }

    /// <summary>
    /// Gives a place up, so that calls which come and go behind one that waits for long leave nothing behind. False: it is not in the queue
    /// any more, <paramref name="turn"/> ends at this moment. The lock's mark stays; the next unlock finds the queue empty and takes the mark away.
    /// </summary>
    internal bool TryLeave(Direction direction, Task<bool> turn)
    {
        lock (_gate)
        {
            LinkedList<TaskCompletionSource<bool>> queue = QueueOf(direction);
            LinkedListNode<TaskCompletionSource<bool>>? node = queue.Last;
            while (node is not null && node.Value.Task != turn)
            {
                node = node.Previous;
            }

            if (node is null)
            {
                return false;
            }

            queue.Remove(node);
            return true;
        }
    }

    /// <summary>Gives the lock back, to the next in the queue if there is one.</summary>
    internal void Unlock(ref FdLock fdLock, Direction direction)
    {
        TaskCompletionSource<bool>? next;
        lock (_gate)
        {
            LinkedList<TaskCompletionSource<bool>> queue = QueueOf(direction);
            next = queue.First?.Value;
            if (next is not null)
            {
                queue.RemoveFirst();
            }

            if (next is null || !fdLock.TryHandOver(direction, queue.Count == 0))
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

    private LinkedList<TaskCompletionSource<bool>> QueueOf(Direction direction) =>
        direction == Direction.Read ? _readers : _writers;
}
