namespace HotLoop.Explorer.Exploring;

/// <summary>A real thread of which the explorer says when it goes on. One goes at a time; the others wait in <see cref="Step"/>.</summary>
internal sealed class ExploredThread
{
    [ThreadStatic]
    private static ExploredThread? t_current;

    private readonly Crew _crew;
    private readonly AutoResetEvent _turn = new(false);
    private readonly Stack<Lock> _entered = new();
    private Run? _run;
    private bool _isDeciding;
    private bool _isUnwinding;

    internal ExploredThread(Crew crew, int index)
    {
        _crew = crew;
        Index = index;
        new Thread(Loop) { IsBackground = true, Name = $"explored {index}" }.Start();
    }

    /// <summary>The one that this is, while it runs the body of a machine's thread and not the explorer's own code.</summary>
    internal static ExploredThread? Current => t_current is { _isDeciding: false, _isUnwinding: false } thread ? thread : null;

    /// <summary>The run is over, and this thread is on its way out of the library's code.</summary>
    internal static bool IsLeaving => t_current is { _isUnwinding: true };

    internal int Index { get; }

    /// <summary>What it does when it goes on.</summary>
    internal string Place { get; private set; } = "";

    internal bool HasEnded { get; private set; }

    /// <summary>Before that it cannot go on; null: it can.</summary>
    internal Func<bool>? Condition { get; private set; }

    /// <summary>To make it wait is no preemption: it has ended but for its write, or waits as soon as that is seen.</summary>
    internal bool IsDone { get; private set; }

    /// <summary>What it has written and the others do not see yet; their turn may come while that is so.</summary>
    internal DelayedWrite? Delayed { get; private set; }

    internal void Prepare(Run run)
    {
        Delayed = null;
        _run = run;
        _entered.Clear();
        _isUnwinding = false;
        HasEnded = false;
        Condition = null;
        IsDone = false;
        Place = "begins";
    }

    /// <summary>It is this thread's turn. By the one whose turn it was.</summary>
    internal void GoOn() => _turn.Set();

    internal void Step(string place) => Stand(place, null);

    /// <summary>Whether the others are to see this write later. If so, it need not be made.</summary>
    internal bool TryDelay<T>(ref T word, T value)
        where T : unmanaged
    {
        if (DelayedWrite.Create(_run!.Owners, ref word, value) is not { } write || !_run.MayDelay())
        {
            return false;
        }

        Delayed = write;
        return true;
    }

    /// <summary>As <see cref="Commit"/>, or not yet: the next read may be before the write.</summary>
    internal void MayCommit()
    {
        if (Delayed is not null && _run!.MayCommit())
        {
            Commit();
        }
    }

    /// <summary>The others see from now on what this thread has written.</summary>
    internal void Commit()
    {
        Delayed?.Commit();
        Delayed = null;
    }

    internal void StepAside(string place)
    {
        CommitInAStep();
        Run run = _run!;
        int since = run.StepsOfOthers(this);
        Stand(place, () => run.StepsOfOthers(this) != since);
    }

    internal void BlockUntil(string place, Func<bool> condition)
    {
        CommitInAStep();
        Stand(place, condition);
    }

    internal void Enter(Lock gate)
    {
        CommitInAStep();
        Run run = _run!;
        Stand("Lock.Enter", () => !run.Held.Contains(gate));
        run.Held.Add(gate);
        _entered.Push(gate);
    }

    /// <summary>After a scope has ended: the gates that the thread does not hold any more are free.</summary>
    internal void Leave()
    {
        while (_entered.TryPeek(out Lock? gate) && !gate.IsHeldByCurrentThread)
        {
            _run!.Held.Remove(_entered.Pop());
        }
    }

    // The others may come before it.
    private void CommitInAStep()
    {
        if (Delayed is not null)
        {
            IsDone = true;
            Step("the write is seen");
            IsDone = false;
            Commit();
        }
    }

    private void Stand(string place, Func<bool>? condition)
    {
        Place = place;
        Condition = condition;
        _isDeciding = true;
        Run run = _run!;
        if (run.Decide(this) is { } next && next != this)
        {
            next.GoOn();
            _turn.WaitOne();
        }

        _isDeciding = false;
        Condition = null;
        if (run.IsOver)
        {
            _isUnwinding = true;
            throw new RunIsOverException();
        }
    }

    private void Loop()
    {
        t_current = this;
        _turn.WaitOne();
        while (true)
        {
            RunBody(_run!);
            _isDeciding = true;
            ExploredThread? next = _run!.Decide(this) ?? _crew.EndRun(_run);
            _isDeciding = false;
            if (next != this)
            {
                next?.GoOn();
                _turn.WaitOne();
            }
        }
    }

    private void RunBody(Run run)
    {
        try
        {
            if (!run.IsOver)
            {
                run.BodyOf(this)();
                CommitInAStep();
            }
        }
        catch (RunIsOverException)
        {
        }
        catch (Exception e)
        {
            run.Fail(e.ToString());
        }

        _isUnwinding = false;
        SynchronizationContext.SetSynchronizationContext(null); // of this run's machine
        HasEnded = true;
        Place = "has ended";
    }
}
