using System.Runtime.CompilerServices;
using HotLoop.Naming;
using HotLoop.Parking;
using HotLoop.Polling;
using HotLoop.Timers;

namespace HotLoop.Sockets;

/// <summary>
/// A descriptor and all that waits on it: Go's netFD and pollDesc in one. It belongs to one loop for good; when its
/// connection has been closed it serves the next one, under a new generation.
/// <para>
/// Ownership: whoever holds a reference (<see cref="FdLock"/>) may use the descriptor. The last reference to go destroys it,
/// on whatever thread that happens. The slots are used under their direction's lock.
/// </para>
/// </summary>
internal sealed class SocketFd : IDisposable
{
    private const long LoopPatienceNanoseconds = 100_000_000;

    private FdLock _lock;
    private FdLockQueue? _queue;
    private WriteSlot? _writer;
    private bool _keepsRecords; // written before the socket is used
    private uint _drainGeneration; // written by the loop
    private volatile bool _lingers;
    private volatile bool _awaitsLoop;

    /// <param name="table">Of the loop.</param>
    /// <param name="slot">Index there.</param>
    /// <param name="generation">Of the connection that had the slot before.</param>
    internal SocketFd(SocketTable table, int slot, uint generation)
    {
        Table = table;
        _lock.Initialize(generation);
        Reader = new ReadSlot(this);
        Poll = table.Poller.CreateHandle();
        Poll.Open(-1, PollToken.Of(slot, generation)); // it keeps the slot
    }

    internal SocketTable Table { get; }

    internal Scheduler Scheduler => Table.Scheduler;

    /// <summary>Index in the loop's table, for good.</summary>
    internal int Slot => PollToken.SlotOf(Poll.Token);

    internal ReadSlot Reader { get; }

    /// <summary>
    /// The slot of the write half, made when something other than a plain send needs it, or a send or a deadline has to wait: many
    /// connections never do. For the holder of a reference.
    /// </summary>
    internal WriteSlot Writer => Volatile.Read(ref _writer) ?? CreateWriter();

    /// <summary>Whether <see cref="Writer"/> has been made.</summary>
    internal bool HasWriter => Volatile.Read(ref _writer) is not null;

    internal uint Generation => _lock.Generation;

    internal bool IsClosed => _lock.IsClosed;

    /// <summary>The descriptor as its poller knows it. For the holder of a reference.</summary>
    internal PollHandle Poll { get; }

    /// <summary>-1 when closed. For the holder of a reference.</summary>
    internal int Descriptor => Poll.Fd;

    /// <summary>A short receive proves nothing, or not any more: <see cref="Readiness.Drain"/> was reported.</summary>
    internal bool MustDrain => _keepsRecords || Volatile.Read(ref _drainGeneration) == _lock.Generation;

    /// <summary>Serves <paramref name="fd"/> from now on, under a new generation. The object must be fresh from the pool.</summary>
    internal uint Open(int fd)
    {
        uint generation = _lock.Generation + 1;
        _lingers = false;
        _awaitsLoop = false;
        _keepsRecords = false;
        Poll.Open(fd, PollToken.Of(Slot, generation));
        Reader.Reuse();
        _writer?.Reuse();
        _lock.Open(generation);
        return generation;
    }

    /// <summary>
    /// Before the socket is used: says how a socket of <paramref name="network"/> is to be received from, if it is not TCP.
    /// </summary>
    internal void SetNetwork(Network network)
    {
        // A Unix socket that is closed with bytes unread tells its peer so; with bytes held elsewhere it could not be made to.
        Poll.KeepsBytes = !network.IsTcp;
        _keepsRecords = network.KeepsRecords; // a receive takes one record, and may be short though more are there
    }

    /// <summary>Events came for <paramref name="generation"/>. On the loop's thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void OnEvents(Readiness readiness, uint generation)
    {
        if ((readiness & (Readiness.Drain | Readiness.Released)) != 0)
        {
            if ((readiness & Readiness.Released) != 0)
            {
                OnReleased();
                return;
            }

            Volatile.Write(ref _drainGeneration, generation); // before the reader's Ready bit
        }

        if ((readiness & Readiness.Read) != 0 && Reader.OnReady())
        {
            Scheduler.Enqueue(Reader);
        }

        if ((readiness & Readiness.Write) != 0 && Volatile.Read(ref _writer) is { } writer && writer.OnReady())
        {
            Scheduler.Enqueue(writer);
        }
    }

    /// <summary>
    /// Before something waits: has the poller watch the descriptor. A short connection may end without. For the holder of the direction's
    /// lock. 0, -errno or <see cref="Outcome.Closed"/>.
    /// </summary>
    internal int Watch(Interest interest)
    {
        int result = Poll.Watch(interest);
        return result < 0 && IsClosed ? Outcome.Closed : result; // the loop may have ended meanwhile, and its poller with it
    }

    /// <summary>For the holder of a reference.</summary>
    internal SocketSlot SlotOf(Direction direction) => direction == Direction.Read ? Reader : Writer;

    internal bool TryReference(uint generation) => _lock.TryReference(generation);

    internal LockResult TryAcquire(Direction direction, uint generation) => _lock.TryAcquire(direction, generation);

    /// <summary>Waits in line for a lock. 0: the caller has it, with a reference. Else <see cref="Outcome"/>: closed, or canceled.</summary>
    internal async ValueTask<int> AcquireAsync(Direction direction, uint generation, CancellationToken cancellationToken)
    {
        FdLockQueue? queue = Volatile.Read(ref _queue);
        if (queue is null)
        {
            FdLockQueue made = new();
            queue = Interlocked.CompareExchange(ref _queue, made, null) ?? made;
        }

        Task<bool> turn = queue.LockAsync(ref _lock, direction, generation);
        if (cancellationToken.CanBeCanceled && !await EndsBefore(turn, cancellationToken) && queue.TryLeave(direction, turn))
        {
            return Outcome.Canceled;
        }

        // Whose turn has come, or comes at this moment, goes on; the token ends what then waits.
        if (!await turn)
        {
            return Outcome.Closed;
        }

        if (_lock.TryReference(generation))
        {
            return 0;
        }

        Unlock(direction);
        return Outcome.Closed;
    }

    /// <summary>Gives lock and reference back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void EndOperation(Direction direction)
    {
        if (!_lock.TryReleaseBoth(direction))
        {
            Unlock(direction);
            Release();
        }
    }

    /// <summary>Gives a lock back; the reference has gone before, or goes after.</summary>
    internal void Unlock(Direction direction)
    {
        if (!_lock.TryUnlock(direction))
        {
            _queue!.Unlock(ref _lock, direction);
        }
    }

    internal void Release()
    {
        if (_lock.Release())
        {
            Destroy();
        }
    }

    /// <summary>close(2) on this socket may block for the linger time, so it is left to the thread pool.</summary>
    internal void SetLingers(uint generation, bool lingers)
    {
        if (_lock.TryReference(generation))
        {
            _lingers = lingers;
            Release();
        }
    }

    /// <summary>
    /// Closes: no new operation begins, what waits is woken with "closed", and the descriptor goes with its last
    /// reference. False when it was closed before.
    /// </summary>
    internal bool Close(uint generation)
    {
        if (!_lock.TryClose(generation))
        {
            return false;
        }

        Volatile.Read(ref _queue)?.Close();
        Reader.Evict();
        Volatile.Read(ref _writer)?.Evict();
        Release();
        return true;
    }

    /// <summary>
    /// Off the loop: waits until the descriptor is really closed, so that its port is free when this returns. It can be held up by a system
    /// call that another thread is in. Where the loop has to let go of it first, and is in a handler, the wait is bounded: the
    /// handler may be waiting for the caller.
    /// </summary>
    internal void AwaitDestruction(uint generation)
    {
        SpinWait spin = default;
        long since = 0;
        while (Poll.Fd >= 0 && _lock.Generation == generation)
        {
            if (_awaitsLoop)
            {
                since = since == 0 ? MonotonicClock.Instance.Now : since;
                if (MonotonicClock.Instance.Now - since > LoopPatienceNanoseconds)
                {
                    return;
                }
            }

            spin.SpinOnce();
        }
    }

    /// <summary>The pool has no room for it. Nothing is closed: that has happened.</summary>
    public void Dispose() => Table.Drop(this);

    private static async ValueTask<bool> EndsBefore(Task task, CancellationToken cancellationToken)
    {
        await task.WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return task.IsCompleted;
    }

    private WriteSlot CreateWriter()
    {
        WriteSlot made = new(this);
        made.Reuse();
        return Interlocked.CompareExchange(ref _writer, made, null) ?? made;
    }

    // By whoever gave back the last reference: nobody can be in a system call with the descriptor.
    private void Destroy()
    {
        _awaitsLoop = true; // set first: the loop may be done before Release has returned
        if (Poll.Release())
        {
            OnReleased();
        }
    }

    // The poller has let go of the descriptor.
    private void OnReleased()
    {
        _awaitsLoop = false;
        if (_lingers)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static socket => socket.CloseDescriptor(), this, preferLocal: false);
        }
        else
        {
            CloseDescriptor();
        }
    }

    private void CloseDescriptor()
    {
        Poll.Close();
        Table.OnDestroyed();
        Table.Return(this, reusable: _lock.HasNoLocks);
    }
}
