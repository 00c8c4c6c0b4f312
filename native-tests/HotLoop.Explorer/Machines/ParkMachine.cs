using System.Threading.Tasks.Sources;
using HotLoop.Explorer.Exploring;
using HotLoop.Loops;
using HotLoop.Parking;
using HotLoop.Polling;
using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop.Explorer.Machines;

/// <summary>
/// One starter with up to three receives, or a send, on a connection, its loop, and those who end waits. Each operation ends once and in a way that its
/// enders allow, its continuation runs once, its reference is given back, and nobody waits for ever.
/// </summary>
internal sealed class ParkMachine : SocketMachine, IErrorSource
{
    private const long Hour = 3_600_000_000_000;

    private readonly Handle _connection;
    private readonly byte[] _buffer = new byte[8];
    private readonly int[] _allowed;
    private readonly List<int> _outcomes = [];
    private readonly long _start;
    private readonly Queue<(double Hours, int Deadlines, bool Ends)> _times = new();
    private int _parked;
    private int _resumed;
    private int _published;
    private bool _writes;
    private bool _yieldsOnce;
    private int _deadlines;
    private bool _hasPassed;
    private bool _hasFinished;

    private ParkMachine(params int[] allowed)
    {
        _connection = Open(1);
        _allowed = allowed;
        _start = Clock.Now;
    }

    private SocketFd Socket => _connection.Socket;

    private Direction Direction => _writes ? Direction.Write : Direction.Read;

    private SocketSlot Slot => Socket.SlotOf(Direction);

    internal static ParkMachine EventMeetsStart() => new ParkMachine(1).WithStarter().WithLoop(arrives: true);

    /// <summary>A send without room, and room that comes; an older event has left its Ready bit.</summary>
    internal static ParkMachine EventMeetsSend()
    {
        ParkMachine machine = new(0) { _writes = true };
        machine.Own(machine.Socket.Writer);
        machine.Socket.Writer.OnReady();
        return machine.WithStarter().WithLoop(arrives: true);
    }

    /// <summary>An event comes while a deadline refuses a receive; the next one, without a deadline, needs it.</summary>
    internal static ParkMachine EventMeetsRefusal()
    {
        ParkMachine machine = new(1, Outcome.DeadlineExceeded) { Poller = { Arrived = 1 } };
        machine.Thread("starter", () =>
        {
            Assert.Equal(1, machine.Operate()); // short: the next one waits for an event
            machine.SetDeadline(-1);
            Assert.Equal(Outcome.DeadlineExceeded, machine.Operate());
            machine.SetDeadline(null);
            Assert.Equal(1, machine.Operate());
            machine._hasFinished = true;
        });
        return machine.WithLoop(arrives: true, after: 1);
    }

    internal static ParkMachine CloseMeetsStart() => new ParkMachine(Outcome.Closed).WithStarter().WithCloser();

    internal static ParkMachine CloseMeetsEvent() =>
        new ParkMachine(1, Outcome.Closed).WithStarter().WithLoop(arrives: true).WithCloser();

    internal static ParkMachine CloseMeetsYield()
    {
        ParkMachine machine = CloseMeetsEvent();
        machine._yieldsOnce = true;
        return machine;
    }

    internal static ParkMachine DeadlineMeetsStart() => new ParkMachine(Outcome.DeadlineExceeded).WithStarter().WithDeadlines(-1);

    internal static ParkMachine DeadlineMeetsEvent() =>
        new ParkMachine(1, Outcome.DeadlineExceeded).WithStarter().WithLoop(arrives: true).WithDeadlines(-1);

    internal static ParkMachine DeadlineMeetsClose() =>
        new ParkMachine(Outcome.Closed, Outcome.DeadlineExceeded).WithStarter().WithDeadlines(-1).WithCloser();

    /// <summary>The wheel has to know of the deadline when its time comes, wherever both were when they met.</summary>
    internal static ParkMachine TimerMeetsStart() =>
        new ParkMachine(Outcome.DeadlineExceeded).WithStarter().WithDeadlines(1).WithLoop(arrives: false).WithTime(1.1, deadlines: 1, ends: true);

    internal static ParkMachine TimerIsBroughtForward() =>
        new ParkMachine(Outcome.DeadlineExceeded).WithStarter().WithDeadlines(2, 1).WithLoop(arrives: false).WithTime(1.1, deadlines: 2, ends: true);

    internal static ParkMachine TimerIsPutOff() => new ParkMachine(Outcome.DeadlineExceeded)
        .WithStarter().WithDeadlines(1, 2).WithLoop(arrives: false).WithTime(1.1, deadlines: 2, ends: false).WithTime(2.1, deadlines: 2, ends: true);

    /// <summary>The timer of a deadline that is gone fires while a new one comes.</summary>
    internal static ParkMachine TimerMeetsNewDeadline()
    {
        ParkMachine machine = new ParkMachine(Outcome.DeadlineExceeded).WithStarter().WithLoop(arrives: false)
            .WithTime(1.1, deadlines: 2, ends: false).WithTime(2.1, deadlines: 3, ends: true);
        machine.Thread("deadline", () =>
        {
            machine.SetDeadline(1);
            BlockUntil("an armed timer", () => machine.Core.Timers.Count > 0);
            machine.SetDeadline(null);
            BlockUntil("time to pass", () => machine._hasPassed);
            machine.SetDeadline(2);
        });
        return machine;
    }

    internal static ParkMachine CancelMeetsEvent() =>
        new ParkMachine(1, Outcome.Canceled).WithStarter(goesOn: true).WithLoop(arrives: true).WithCancel();

    /// <summary>Loop and starter are one thread: the continuation is resumed inline, or posted by who ends the wait elsewhere.</summary>
    internal static ParkMachine CloseMeetsEventOnTheLoop() =>
        new ParkMachine(1, Outcome.Closed).WithLoop(arrives: true, starts: true).WithCloser();

    OpError IErrorSource.CreateError(string operation, int code) => throw new NotSupportedException("outcomes are codes here");

    internal override void CheckEnd()
    {
        Assert.True(_hasFinished);
        Assert.All(_outcomes, o => Assert.Contains(o, _allowed));
        Assert.Equal(_parked, _resumed);

        // All references have been given back: this is the last one.
        Socket.Close(_connection.Generation);
        Assert.False(Poller.IsOpen(_connection.Fd), "a reference was left over");
    }

    internal override void Describe(ref Fingerprint state)
    {
        state.Add(WordOf(Socket));
        state.Add(WordOf(Slot));
        state.Add(Poller.Arrived + (Poller.Room << 8));
        state.Add(_outcomes.Count);
        state.Add(_resumed);
        state.Add(_times.Count);
        state.Add(Core.Timers.Count);
    }

    private ParkMachine WithStarter(bool goesOn = false)
    {
        Thread("starter", () =>
        {
            int code = Operate();
            if (goesOn && code == Outcome.Canceled)
            {
                Assert.Equal(1, Operate()); // the message is still there, and it has been announced
            }

            _hasFinished = true;
        });
        return this;
    }

    private ParkMachine WithLoop(bool arrives, bool starts = false, int after = 0)
    {
        Thread("loop", () =>
        {
            Core.Enter();
            try
            {
                if (starts)
                {
                    Begin(() => _hasFinished = true);
                }

                if (arrives)
                {
                    BlockUntil("so many outcomes", () => _outcomes.Count >= after);
                    Steps.Access("a message arrives, or room for one");
                    Poller.Arrived += _writes ? 0 : 1;
                    Poller.Room += _writes ? 1 : 0;
                    Poller.Raise(PollToken.Of(Socket.Slot, _connection.Generation), _writes ? Readiness.Write : Readiness.Read);
                }

                TurnUntilFinished();
            }
            finally
            {
                LoopCore.Leave();
            }
        });
        return this;
    }

    private ParkMachine WithCloser()
    {
        Thread("closer", () => Socket.Close(_connection.Generation));
        return this;
    }

    private ParkMachine WithDeadlines(params int[] hours)
    {
        Thread("deadline", () =>
        {
            foreach (int hour in hours)
            {
                SetDeadline(hour);
            }
        });
        return this;
    }

    // Once so many deadlines were set and the loop has nothing else to do, it is so late; the operation has to end then, or may not.
    private ParkMachine WithTime(double hours, int deadlines, bool ends)
    {
        _times.Enqueue((hours, deadlines, ends));
        return this;
    }

    private ParkMachine WithCancel()
    {
        Thread("cancel", () =>
        {
            BlockUntil("an operation to cancel", () => _published != 0 || _hasFinished);
            if (_published != 0)
            {
                Slot.Cancel(_published);
            }
        });
        return this;
    }

    // As Conn does; in hours from the start, null: none.
    private void SetDeadline(int? hours)
    {
        if (Socket.TryReference(_connection.Generation))
        {
            Slot.SetDeadline(hours is null ? 0 : Math.Max(_start + (hours.Value * Hour), 1));
            Socket.Release();
        }

        _deadlines++;
    }

    private void TurnUntilFinished()
    {
        bool hasWork = false; // as it stood when the loop's thread was let go on
        while (true)
        {
            BlockUntil("work for the loop", () => (hasWork = HasWork) || _hasFinished || MayPass());
            if (hasWork)
            {
                Core.Turn();
            }
            else if (_hasFinished)
            {
                return;
            }
            else
            {
                (double hours, _, bool ends) = _times.Dequeue();
                Clock.MoveTo(_start + (long)(hours * Hour));
                _hasPassed = true;
                while (HasWork)
                {
                    Core.Turn();
                }

                Assert.True(ends == ((WordOf(Slot) & 6) == 0), ends ? "a deadline has passed unnoticed" : "ended before its deadline");
            }
        }
    }

    // Time, to the next of the moments.
    private bool MayPass() => _parked > 0 && _times.TryPeek(out (double Hours, int Deadlines, bool Ends) next) && _deadlines >= next.Deadlines;

    // An operation, start to end, off the loop.
    private int Operate()
    {
        ThreadContext context = new();
        SynchronizationContext.SetSynchronizationContext(context);
        bool isOver = false;
        Begin(() => isOver = true);
        context.RunUntil("its continuation", () => isOver);
        return _outcomes[^1];
    }

    private void Begin(Action over)
    {
        if (Socket.TryAcquire(Direction, _connection.Generation) != LockResult.Acquired)
        {
            _outcomes.Add(Outcome.Closed);
            over();
            return;
        }

        if (TryStart(out int code))
        {
            Socket.EndOperation(Direction);
            _outcomes.Add(code);
            over();
            return;
        }

        _parked++;
        short token = Slot.Version;
        _published = _published == 0 ? Slot.Operation : _published;
        Slot.OnCompleted(
            _ =>
            {
                _resumed++;
                _outcomes.Add(((IValueTaskSource<SlotResult>)Slot).GetResult(token).Code);
                over();
            },
            null,
            token,
            ValueTaskSourceOnCompletedFlags.UseSchedulingContext);
    }

    private bool TryStart(out int code) => _writes
        ? WriteSlot.TrySend(Socket, _buffer.AsMemory(0, 1), this, out code, out _)
        : _yieldsOnce
            ? Slot.TryRun(new YieldingReceive(), null, out code)
            : Socket.Reader.TryReceive(_buffer, this, out code);

    /// <summary>The first try that finds a message says that it has done enough for one tick.</summary>
    private sealed class YieldingReceive : SocketOperation
    {
        private bool _hasYielded;

        internal override int Try(SocketFd fd)
        {
            ManualPoller poller = (ManualPoller)fd.Table.Poller;
            if (poller.Arrived > 0 && !_hasYielded)
            {
                _hasYielded = true;
                return Outcome.Unfinished;
            }

            return fd.Poll.TryReceive(default);
        }
    }
}
