using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using HotLoop.Buffers;
using HotLoop.Parking;
using HotLoop.Polling;
using HotLoop.Sockets;
using HotLoop.Timers;

namespace HotLoop.Loops;

/// <summary>
/// A loop: one poller, one run queue, one timer wheel, one buffer pool, turned by one thread at a time. See <see cref="Tick"/> for what a turn does.
/// <para>
/// <b>Who turns it.</b> A <see cref="LoopThread"/>, from its start to its end; or anybody step by step, with a clock and a poller of their own, for nothing
/// here waits unless <see cref="TurnOrSleep"/> is called. "The loop's thread" is the one between <see cref="Enter"/> and <see cref="Leave"/>.
/// </para>
/// <para>
/// <b>Threads.</b> <see cref="Post"/> and <see cref="Stop"/> may be called from anywhere; the rest belongs to the loop's thread.
/// </para>
/// <para>
/// <b>The sleep handshake.</b> <c>_sleeping</c>: the loop sets it to 1, crosses a full fence and looks at the inbox once more before it
/// waits; a poster enqueues, crosses a full fence and, if it takes the 1 away, wakes the poller. So either the loop sees the
/// work or the poster sees the sleeper; of many posters one wakes; and a loop that is awake costs a poster nothing.
/// </para>
/// <para>
/// <b>The end.</b> <see cref="Stop"/> asks for it; <see cref="End"/> closes the sockets, runs what that resumes, and lets the poller go. Work posted later
/// runs on the thread pool, so that nothing that was promised a resumption hangs.
/// </para>
/// </summary>
internal sealed class LoopCore : Scheduler
{
#if DEBUG
    private const int PostedPerTick = 4; // small, so that tests leave some for the next tick
#else
    private const int PostedPerTick = 256;
#endif

    private const int LastTicks = 100_000;

    private readonly Poller _poller;
    private readonly SocketTable _sockets;
    private readonly BlockPool _blocks;
    private readonly TimerWheel _timers;
    private readonly ConcurrentQueue<WorkItem> _inbox = new();
    private readonly PollEvent[] _events = new PollEvent[Poller.EventsPerWait];
    private readonly long _busyPoll;
    private ExecutionContext? _executionContext;

    private List<ParkSlot> _ready = [];
    private List<ParkSlot> _running = [];
    private int _sleeping;
    private int _wakers;
    private bool _hadWork; // of the loop's thread, like the next: since it last ran out of work
    private long _awakeUntil; // until then it polls instead of sleeping
    private volatile bool _stopping;
    private volatile bool _ended;

    /// <param name="poller">Owned by the loop from now on.</param>
    /// <param name="clock">By which its deadlines and timers are judged.</param>
    /// <param name="blockSize">Bytes of a buffer of this loop's pool.</param>
    /// <param name="busyPoll">For how long it polls before it sleeps; infinite: it never sleeps.</param>
    internal LoopCore(Poller poller, Clock clock, int blockSize, TimeSpan busyPoll = default)
        : base(clock)
    {
        _poller = poller;
        (_busyPoll, _awakeUntil) = busyPoll == Timeout.InfiniteTimeSpan
            ? (0L, long.MaxValue)
            : (busyPoll.Ticks * TimeSpan.NanosecondsPerTick, 0L);
        _blocks = new BlockPool(this, blockSize);
        _sockets = new SocketTable(this, poller, _blocks);
        _timers = new TimerWheel(Now);
        Context = new LoopSynchronizationContext(this);
    }

    internal static LoopCore? CurrentLoop => (LoopCore?)Current;

    internal override TimerWheel Timers => _timers;

    internal SocketTable Sockets => _sockets;

    /// <summary>For the loop's thread: it brings home what code there awaits.</summary>
    internal SynchronizationContext Context { get; }

    internal BackendKind Backend => _poller.Kind;

    /// <summary>What users know this loop as.</summary>
    internal Loop? PublicLoop { get; set; }

    internal bool IsStopping => _stopping;

    /// <summary>The next turn runs something even if no event comes: a slot, posted work, or a timer whose time has come.</summary>
    internal bool HasWork => _ready.Count > 0 || !_inbox.IsEmpty || _timers.NextDue <= Clock.Now;

    /// <summary>When a timer next needs a turn; null when none is armed.</summary>
    internal long? NextTimer => _timers.NextDue;

    /// <summary>Makes the calling thread the loop's, until <see cref="Leave"/>.</summary>
    internal void Enter()
    {
        Debug.Assert(Current is null, "a thread turns one loop at a time");
        Current = this;
        _executionContext = ExecutionContext.Capture();
    }

    internal static void Leave() => Current = null;

    /// <summary>One turn, without waiting. Returns how many events it took from the poller.</summary>
    internal int Turn() => Tick(mayWait: false);

    /// <summary>One turn, which begins with a sleep when there is nothing to do.</summary>
    internal void TurnOrSleep() => Tick(mayWait: true);

    /// <summary>The last turns: see "The end". Afterwards the thread is not the loop's any more.</summary>
    internal void End()
    {
        CloseSockets();
        Leave();
        _ended = true;
        Interlocked.MemoryBarrier();
        DrainToThreadPool();

        // A poster that took the 1 from _sleeping may still be on its way to the poller.
        SpinWait spin = default;
        while (Volatile.Read(ref _wakers) != 0)
        {
            spin.SpinOnce();
        }

        _poller.Dispose();
    }

    internal override void Enqueue(ParkSlot slot)
    {
        Debug.Assert(IsCurrent, "the run queue belongs to the loop's thread");
        _ready.Add(slot);
    }

    internal override void Post(Action<object?> work, object? state)
    {
        _inbox.Enqueue(new WorkItem(work, state));
        if (IsCurrent)
        {
            return; // the loop looks at its inbox before it sleeps
        }

        Interlocked.MemoryBarrier();
        if (_ended)
        {
            DrainToThreadPool();
        }
        else if (Volatile.Read(ref _sleeping) == 1)
        {
            WakeIfSleeping();
        }
    }

    /// <summary>Asks the loop to end; see "The end". Returns at once.</summary>
    internal void Stop() => Post(static loop => ((LoopCore)loop!)._stopping = true, this);

    // One turn. What one step makes ready is run by a later one: no step runs inside another. Events, continuations
    // and posted work are bounded; timers by how many are due.
    // Not inlined: the endless loop around it is never left, so it would only ever run in the JIT's on-stack replacement
    // of that method, where native calls are not inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Tick(bool mayWait)
    {
        int events = Wait(mayWait);
        Now = Clock.Now;
        StayAwake(events);
        Collect(events);
        RunReady();
        RunPosted();
        FireTimers();
        return events;
    }

    private int Wait(bool mayWait)
    {
        if (!mayWait || _ready.Count > 0 || !_inbox.IsEmpty || _hadWork || Now < _awakeUntil)
        {
            return _poller.Wait(_events, 0);
        }

        int timeout = _timers.Count == 0 ? -1 : _timers.TimeoutMilliseconds(Clock.Now);
        if (timeout == 0)
        {
            return _poller.Wait(_events, 0);
        }

        Interlocked.Exchange(ref _sleeping, 1);
        int events = _poller.Wait(_events, _inbox.IsEmpty ? timeout : 0);
        Volatile.Write(ref _sleeping, 0);
        return events;
    }

    // The time to stay awake begins when a turn finds nothing to do after one that had.
    private void StayAwake(int events)
    {
        if (_busyPoll == 0)
        {
            return;
        }

        if (events > 0 || _ready.Count > 0 || !_inbox.IsEmpty)
        {
            _hadWork = true;
        }
        else if (_hadWork)
        {
            _hadWork = false;
            _awakeUntil = Now + _busyPoll;
        }
    }

    // The whole batch before any user code: a handler may close what a later event of the batch names.
    private void Collect(int events)
    {
        for (int i = 0; i < events; i++)
        {
            PollEvent e = _events[i];
            _sockets.Find(e.Token)?.OnEvents(e.Readiness, PollToken.GenerationOf(e.Token));
        }
    }

    private void RunReady()
    {
        if (_ready.Count == 0)
        {
            return;
        }

        // What is enqueued from here on (by those who yield) is for the next tick.
        (_ready, _running) = (_running, _ready);
        foreach (ParkSlot slot in _running)
        {
            RefillBudget();
            slot.Run();
        }

        _running.Clear();
    }

    private void RunPosted()
    {
        for (int i = 0; i < PostedPerTick && _inbox.TryDequeue(out WorkItem item); i++)
        {
            RefillBudget();
            item.Work(item.State);

            // What the work set in its execution context is not for the next.
            if (ExecutionContext.Capture() != _executionContext)
            {
                ExecutionContext.Restore(_executionContext!);
            }
        }
    }

    private void FireTimers()
    {
        if (_timers.Count == 0)
        {
            return;
        }

        while (_timers.PopDue(Now) is { } entry)
        {
            RefillBudget();
            entry.OnTimer();
        }
    }

    // Runs what the closing resumes, until nothing is left and nobody is in a system call that needs the poller. Bounded, for a handler
    // may go on posting for ever: the rest is for the thread pool.
    private void CloseSockets()
    {
        _sockets.Seal();
        for (int i = 0; i < LastTicks && (_sockets.OpenCount > 0 || !_inbox.IsEmpty || _ready.Count > 0); i++)
        {
            Tick(mayWait: false);
            if (_sockets.OpenCount > 0)
            {
                Thread.Yield();
            }
        }
    }

    private void WakeIfSleeping()
    {
        Interlocked.Increment(ref _wakers);
        if (!_ended && Interlocked.Exchange(ref _sleeping, 0) == 1)
        {
            _poller.Wake();
        }

        Interlocked.Decrement(ref _wakers);
    }

    private void DrainToThreadPool()
    {
        while (_inbox.TryDequeue(out WorkItem item))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static item => item.Work(item.State), item, preferLocal: false);
        }
    }
}
