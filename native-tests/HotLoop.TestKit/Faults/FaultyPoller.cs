using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit.Faults;

/// <summary>
/// A poller that does to another one's results what a kernel may do, by a seeded plan. It keeps the port's contract: a try that it lets end
/// with -EAGAIN, or short, is followed by an event; results that the kernel tells once are passed on; a release is neither doubled nor
/// made up; what is no stream is not cut.
/// <para>
/// <b>Threads.</b> As the port says. The gate guards plan and books, and is not held while the other poller works.
/// </para>
/// </summary>
internal sealed unsafe class FaultyPoller(Poller inner, FaultPlan plan) : Poller
{
    // More would be more than the loop takes in a wait.
    private const int NoiseMax = 8;
    private const int ClosedMax = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, FaultyTarget> _targets = [];
    private readonly List<ulong> _watched = [];
    private readonly List<ulong> _closed = [];
    private readonly HeldEvents _held = new();
    private PollEvent[] _fresh = [];
    private bool _waits;
    private bool _disposed;

    internal override BackendKind Kind => inner.Kind;

    internal override bool ReceivesAhead(PollTarget target) => inner.ReceivesAhead(target);

    internal override int LetGo(PollTarget target) => inner.LetGo(target);

    internal override int Watch(PollTarget target, Interest interest)
    {
        lock (_gate)
        {
            if (plan.Strikes(Fault.Unwatched))
            {
                return plan.WatchError();
            }
        }

        Linger();
        int result = inner.Watch(target, interest);
        if (result >= 0)
        {
            OnWatched(target);
        }

        return result;
    }

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

    internal override int TryReceive(PollTarget target, Span<byte> buffer)
    {
        if (Blocks(target, Readiness.Read))
        {
            return -Errno.EAGAIN;
        }

        int length = Cut(target, buffer.Length);
        int n = inner.TryReceive(target, buffer[..length]);
        if (n == length && length < buffer.Length)
        {
            Owe(target, Readiness.Read);
        }

        Linger();
        return n;
    }

    internal override int TrySend(PollTarget target, ReadOnlySpan<byte> buffer) =>
        SendFault(target, buffer.Length) is { } error ? error : inner.TrySend(target, buffer[..Cut(target, buffer.Length)]);

    internal override int TryAccept(PollTarget target, out RawAddress peer)
    {
        peer = default;
        lock (_gate)
        {
            if (plan.Strikes(Fault.Refused))
            {
                return plan.AcceptError();
            }
        }

        return Blocks(target, Readiness.Read) ? -Errno.EAGAIN : inner.TryAccept(target, out peer);
    }

    internal override int TryReceiveFrom(PollTarget target, Span<byte> buffer, Span<byte> address, out int addressLength)
    {
        addressLength = 0;
        return Blocks(target, Readiness.Read) ? -Errno.EAGAIN : inner.TryReceiveFrom(target, buffer, address, out addressLength);
    }

    internal override int TrySendTo(PollTarget target, ReadOnlySpan<byte> buffer, ReadOnlySpan<byte> address) =>
        SendFault(target, buffer.Length) is { } error ? error : inner.TrySendTo(target, buffer, address);

    internal override int TrySendParts(PollTarget target, ReadOnlySpan<MemoryPart> parts)
    {
        int total = 0;
        foreach (MemoryPart part in parts)
        {
            total += (int)part.Length;
        }

        return SendFault(target, total) is { } error ? error : inner.TrySendParts(target, First(parts, Cut(target, total)));
    }

    internal override int TryPeek(PollTarget target) => Blocks(target, Readiness.Read) ? -Errno.EAGAIN : inner.TryPeek(target);

    internal override int EndReceiving(PollTarget target) => inner.EndReceiving(target);

    internal override int EndSending(PollTarget target) => inner.EndSending(target);

    internal override bool Release(PollTarget target, bool mayHaveDuplicates)
    {
        Linger();
        return inner.Release(target, mayHaveDuplicates);
    }

    internal override int Close(PollTarget target)
    {
        lock (_gate)
        {
            if (_targets.Remove(target.Token, out FaultyTarget? known) && known.IsWatched)
            {
                _watched.Remove(target.Token);
                _closed.Add(target.Token);
                if (_closed.Count > ClosedMax)
                {
                    _closed.RemoveAt(0);
                }
            }
        }

        Linger();
        return inner.Close(target);
    }

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

    private void OnWatched(PollTarget target)
    {
        lock (_gate)
        {
            FaultyTarget known = Know(target);
            if (!known.IsWatched)
            {
                known.IsWatched = true;
                _watched.Add(target.Token);
            }

            if (known.Owed != 0)
            {
                Raise(target, known.Owed);
                known.Owed = 0;
            }
        }
    }

    // An event is to follow. A descriptor that is not watched has none; when it is watched, one comes if it is ready.
    private void Owe(PollTarget target, Readiness readiness)
    {
        lock (_gate)
        {
            if (plan.LosesEvents)
            {
                return;
            }

            FaultyTarget known = Know(target);
            if (known.IsWatched)
            {
                Raise(target, readiness);
            }
            else
            {
                known.Owed |= readiness;
            }
        }
    }

    private void Raise(PollTarget target, Readiness readiness)
    {
        _held.Add(new PollEvent(target.Token, readiness), plan.Coin() ? 0 : plan.Waits());
        if (_waits && !_disposed)
        {
            inner.Wake();
        }
    }

    // ---- tries -----------------------------------------------------------------------------------------------------

    private bool Blocks(PollTarget target, Readiness readiness)
    {
        Linger();
        lock (_gate)
        {
            if (!plan.Strikes(Fault.WouldBlock))
            {
                return false;
            }

            Owe(target, readiness);
            return true;
        }
    }

    private int? SendFault(PollTarget target, int length)
    {
        if (length > 0 && Blocks(target, Readiness.Write))
        {
            return -Errno.EAGAIN;
        }

        lock (_gate)
        {
            return Know(target).AllocatesToSend && plan.Strikes(Fault.NoMemory) ? plan.SendError() : null;
        }
    }

    private int Cut(PollTarget target, int length)
    {
        lock (_gate)
        {
            return length > 1 && Know(target).IsStream && plan.Strikes(Fault.Short) ? plan.Part(length) : length;
        }
    }

    private static MemoryPart[] First(ReadOnlySpan<MemoryPart> parts, int length)
    {
        List<MemoryPart> first = [];
        foreach (MemoryPart part in parts)
        {
            int n = Math.Min((int)part.Length, length);
            if (n > 0)
            {
                first.Add(new MemoryPart { Start = part.Start, Length = (nuint)n });
            }

            length -= n;
        }

        return [.. first];
    }

    private FaultyTarget Know(PollTarget target)
    {
        if (!_targets.TryGetValue(target.Token, out FaultyTarget? known))
        {
            known = new FaultyTarget(target);
            _targets.Add(target.Token, known);
        }

        return known;
    }

    private void Linger()
    {
        int spins;
        lock (_gate)
        {
            spins = plan.Strikes(Fault.Slow) ? plan.Spins() : 0;
        }

        Thread.SpinWait(spins);
    }
}
