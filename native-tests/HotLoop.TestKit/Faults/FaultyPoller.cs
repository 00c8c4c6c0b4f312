using HotLoop.Polling;

namespace HotLoop.TestKit.Faults;

/// <summary>
/// A poller that does to another one's results what a kernel may do, by a seeded plan. It keeps the port's contract: a try that it lets end
/// with -EAGAIN, or short, is followed by an event; results that the kernel tells once are passed on; a release is neither doubled nor
/// made up; what is no stream is not cut.
/// <para>
/// What it does to a descriptor is in <see cref="FaultyHandle"/>.
/// </para>
/// <para>
/// <b>Threads.</b> As the port says. The gate guards plan and books, and is not held while the other poller works.
/// </para>
/// </summary>
internal sealed class FaultyPoller(Poller inner, FaultPlan plan) : Poller
{
    // More would be more than the loop takes in a wait.
    private const int NoiseMax = 8;
    private const int ClosedMax = 16;

    private readonly Lock _gate = new();
    private readonly List<ulong> _watched = [];
    private readonly List<ulong> _closed = [];
    private readonly HeldEvents _held = new();
    private PollEvent[] _fresh = [];
    private bool _waits;
    private bool _disposed;

    internal override BackendKind Kind => inner.Kind;

    internal override PollHandle CreateHandle() => new FaultyHandle(this, inner.CreateHandle());

    internal override int Wait(Span<PollEvent> events, int timeoutMilliseconds)
    {
        if (_fresh.Length < events.Length)
        {
            _fresh = new PollEvent[events.Length];
        }

        int room = Begin(events.Length, ref timeoutMilliseconds);
        int n = inner.Wait(_fresh.AsSpan(0, room), timeoutMilliseconds);
        lock (_gate)
        {
            _waits = false;
            foreach (PollEvent e in _fresh.AsSpan(0, n))
            {
                Arrange(e);
            }

            MakeNoise();
            int taken = _held.TakeDue(events);
            if (plan.Strikes(Fault.Shuffled))
            {
                plan.Shuffle(events[..taken]);
            }

            return taken;
        }
    }

    internal override void Wake() => inner.Wake();

    public override void Dispose()
    {
        lock (_gate)
        {
            _disposed = true; // nobody wakes it any more
        }

        inner.Dispose();
    }

    // ---- events ----------------------------------------------------------------------------------------------------

    // How many events to ask for. While some are held no wait is long: they are late by waits, not for ever.
    private int Begin(int room, ref int timeoutMilliseconds)
    {
        lock (_gate)
        {
            if (_held.Count > 0 && timeoutMilliseconds != 0)
            {
                timeoutMilliseconds = plan.Coin() ? 0 : 1;
            }

            _waits = timeoutMilliseconds != 0;
            return Math.Max(1, room - _held.Count);
        }
    }

    private void Arrange(PollEvent e)
    {
        if (plan.Strikes(Fault.Joined) && _held.TryJoin(e))
        {
            return;
        }

        _held.Add(e, plan.Strikes(Fault.Late) ? plan.Waits() : 0);
        if (e.Readiness != Readiness.Released && plan.Strikes(Fault.Doubled))
        {
            _held.Add(e, plan.Coin() ? 0 : plan.Waits());
        }
    }

    private void MakeNoise()
    {
        if (_held.Count < NoiseMax && _watched.Count > 0 && plan.Strikes(Fault.Spurious))
        {
            _held.Add(new PollEvent(plan.Choose(_watched), plan.Readiness()));
        }

        if (_held.Count < NoiseMax && _closed.Count > 0 && plan.Strikes(Fault.Stale))
        {
            _held.Add(new PollEvent(plan.Choose(_closed), plan.Readiness()));
        }
    }

    /// <summary>It is watched: what it owes is told.</summary>
    internal void OnWatched(FaultyHandle handle)
    {
        lock (_gate)
        {
            if (!handle.IsWatched)
            {
                handle.IsWatched = true;
                _watched.Add(handle.Token);
            }

            if (handle.Owed != 0)
            {
                Raise(handle.Token, handle.Owed);
                handle.Owed = 0;
            }
        }
    }

    internal void OnClosed(FaultyHandle handle)
    {
        lock (_gate)
        {
            if (handle.IsWatched)
            {
                _watched.Remove(handle.Token);
                _closed.Add(handle.Token);
                if (_closed.Count > ClosedMax)
                {
                    _closed.RemoveAt(0);
                }
            }
        }
    }

    /// <summary>An event is to follow. A descriptor that is not watched has none; when it is watched, one comes if it is ready.</summary>
    internal void Owe(FaultyHandle handle, Readiness readiness)
    {
        lock (_gate)
        {
            if (plan.LosesEvents)
            {
                return;
            }

            if (handle.IsWatched)
            {
                Raise(handle.Token, readiness);
            }
            else
            {
                handle.Owed |= readiness;
            }
        }
    }

    /// <summary>What <paramref name="ask"/> gets from the plan.</summary>
    internal T Ask<T>(Func<FaultPlan, T> ask)
    {
        lock (_gate)
        {
            return ask(plan);
        }
    }

    private void Raise(ulong token, Readiness readiness)
    {
        _held.Add(new PollEvent(token, readiness), plan.Coin() ? 0 : plan.Waits());
        if (_waits && !_disposed)
        {
            inner.Wake();
        }
    }
}
