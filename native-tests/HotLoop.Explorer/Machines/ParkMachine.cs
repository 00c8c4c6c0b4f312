using HotLoop.Explorer.Exploring;
using HotLoop.Parking;

namespace HotLoop.Explorer.Machines;

/// <summary>
/// One starter with one or two operations on a slot, the slot's loop, and those who end waits. Each operation ends once and in a way that its
/// enders allow, its continuation runs once, and nobody waits for ever.
/// </summary>
internal sealed class ParkMachine : Machine
{
    private readonly ManualScheduler _scheduler = new();
    private readonly ManualSlot _slot;
    private readonly int[] _allowed;
    private readonly List<int> _outcomes = [];
    private int _parked;
    private int _resumed;
    private int _published;
    private bool _hasFinished;

    private ParkMachine(params int[] allowed)
    {
        _slot = new ManualSlot(_scheduler);
        _allowed = allowed;
    }

    internal static ParkMachine EventMeetsStart() => new ParkMachine(1).WithStarter().WithLoop(arrives: true);

    internal static ParkMachine CloseMeetsStart() => new ParkMachine(Outcome.Closed).WithStarter().WithCloser();

    internal static ParkMachine CloseMeetsEvent() =>
        new ParkMachine(1, Outcome.Closed).WithStarter().WithLoop(arrives: true).WithCloser();

    internal static ParkMachine CloseMeetsYield()
    {
        ParkMachine machine = CloseMeetsEvent();
        machine._slot.YieldsOnce = true;
        return machine;
    }

    internal static ParkMachine DeadlineMeetsStart() => new ParkMachine(Outcome.DeadlineExceeded).WithStarter().WithDeadline();

    internal static ParkMachine DeadlineMeetsEvent() =>
        new ParkMachine(1, Outcome.DeadlineExceeded).WithStarter().WithLoop(arrives: true).WithDeadline();

    internal static ParkMachine DeadlineMeetsClose() =>
        new ParkMachine(Outcome.Closed, Outcome.DeadlineExceeded).WithStarter().WithDeadline().WithCloser();

    internal static ParkMachine CancelMeetsEvent() =>
        new ParkMachine(1, Outcome.Canceled).WithStarter(goesOn: true).WithLoop(arrives: true).WithCancel();

    /// <summary>Loop and starter are one thread: the continuation is resumed inline, or posted by who ends the wait elsewhere.</summary>
    internal static ParkMachine CloseMeetsEventOnTheLoop() =>
        new ParkMachine(1, Outcome.Closed).WithLoop(arrives: true, starts: true).WithCloser();

    internal override void CheckEnd()
    {
        Assert.True(_hasFinished);
        Assert.All(_outcomes, o => Assert.Contains(o, _allowed));
        Assert.Equal(_parked, _resumed);
        Assert.Equal(_parked, _slot.Ended);
    }

    internal override void Describe(ref Fingerprint state)
    {
        state.Add(_slot.Word);
        state.Add(_slot.Arrived);
        state.Add(_slot.IsClosed ? 1 : 0);
        state.Add(_outcomes.Count);
        state.Add(_resumed);
        state.Add(_slot.Ended);
    }

    private ParkMachine WithStarter(bool goesOn = false)
    {
        Thread("starter", () =>
        {
            SynchronizationContext.SetSynchronizationContext(new ResumptionContext());
            int code = Operate();
            if (goesOn && code == Outcome.Canceled)
            {
                Assert.Equal(1, Operate()); // the message is still there, and it has been announced
            }

            _hasFinished = true;
        });
        return this;
    }

    private ParkMachine WithLoop(bool arrives, bool starts = false)
    {
        Thread("loop", () =>
        {
            _scheduler.Enter();
            try
            {
                if (starts)
                {
                    Begin(() => _hasFinished = true);
                }

                if (arrives)
                {
                    Steps.Access("a message arrives");
                    _slot.Arrived++;
                    Steps.Access("its event");
                    if (_slot.OnReady())
                    {
                        _scheduler.Enqueue(_slot);
                    }
                }

                TurnUntilFinished();
            }
            finally
            {
                ManualScheduler.Leave();
            }
        });
        return this;
    }

    private ParkMachine WithCloser()
    {
        Thread("closer", () =>
        {
            Steps.Access("close");
            _slot.IsClosed = true;
            _slot.Evict();
        });
        return this;
    }

    private ParkMachine WithDeadline()
    {
        Thread("deadline", () => _slot.SetDeadline(1));
        return this;
    }

    private ParkMachine WithCancel()
    {
        Thread("cancel", () =>
        {
            BlockUntil("an operation to cancel", () => _published != 0 || _hasFinished);
            if (_published != 0)
            {
                _slot.Cancel(_published);
            }
        });
        return this;
    }

    private void TurnUntilFinished()
    {
        while (true)
        {
            BlockUntil("work for the loop", () => _scheduler.HasWork || _hasFinished);
            if (!_scheduler.HasWork)
            {
                return;
            }

            _scheduler.Turn();
        }
    }

    // An operation, start to end, off the loop.
    private int Operate()
    {
        bool isOver = false;
        Begin(() => isOver = true);
        BlockUntil("its continuation", () => isOver);
        return _outcomes[^1];
    }

    private void Begin(Action over)
    {
        if (_slot.TryStart(out int code))
        {
            _outcomes.Add(code);
            over();
            return;
        }

        _parked++;
        short token = _slot.Version;
        _published = _published == 0 ? _slot.Operation : _published;
        _slot.Await(() =>
        {
            _resumed++;
            _outcomes.Add(_slot.Take(token));
            over();
        });
    }
}
