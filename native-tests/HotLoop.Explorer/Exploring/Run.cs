using System.Text;

namespace HotLoop.Explorer.Exploring;

/// <summary>One interleaving: who went on at each step, what was found.</summary>
internal sealed class Run(Machine machine, ExploredThread[] threads, Choices choices, int preemptions)
{
    // A run of this length does not end: two threads spin for each other.
    private const int Longest = 5_000;

    private readonly List<(ExploredThread Thread, string Place)> _trace = [];
    private readonly int[] _steps = new int[threads.Length];
    private readonly List<ExploredThread> _canGoOn = [];

    internal Choices Choices => choices;

    /// <summary>Those it came through where no other run has been.</summary>
    internal HashSet<ulong> States { get; } = [];

    /// <summary>Locks that a thread of the machine is in.</summary>
    internal HashSet<Lock> Held { get; } = [];

    internal int Steps => _trace.Count;

    /// <summary>How often a thread was made to wait that could have gone on, or a write to be seen late.</summary>
    internal int Preemptions { get; private set; }

    internal string? Failure { get; private set; }

    /// <summary>It has failed: who is still in the library's code is to leave it.</summary>
    internal bool IsOver => Failure is not null;

    internal IReadOnlyList<object> Owners => machine.Owners;

    internal Action BodyOf(ExploredThread thread) => machine.Threads[thread.Index].Body;

    internal int StepsOfOthers(ExploredThread thread) => _trace.Count - _steps[thread.Index];

    /// <summary>Whether the write that is just being made is seen late. It counts like a preemption.</summary>
    internal bool MayDelay()
    {
        bool isDelayed = Preemptions < preemptions && choices.Choose(2) == 1;
        Preemptions += isDelayed ? 1 : 0;
        return isDelayed;
    }

    /// <summary>Whether the write is seen before the read that its thread makes next.</summary>
    internal bool MayCommit() => choices.Choose(2) == 1;

    internal void Fail(string what) => Failure ??= what;

    internal ExploredThread Begin()
    {
        foreach (ExploredThread thread in threads)
        {
            thread.Prepare(this);
        }

        return Decide(null)!;
    }

    /// <summary>All threads have ended.</summary>
    internal void End()
    {
        if (!IsOver)
        {
            Check(machine.CheckEnd);
        }
    }

    /// <summary>Who goes on, now that <paramref name="current"/> stands before a step or has ended; null: all have ended.</summary>
    internal ExploredThread? Decide(ExploredThread? current)
    {
        try
        {
            if (!IsOver)
            {
                Look();
            }

            return IsOver ? NextToLeave(current) : Next(current);
        }
        catch (Exception e)
        {
            Fail(e.ToString()); // of a condition, or because the run did not repeat
            return NextToLeave(current);
        }
    }

    private ExploredThread? Next(ExploredThread? current)
    {
        _canGoOn.Clear();
        bool currentCan = current is not null && CanGoOn(current);
        if (currentCan)
        {
            _canGoOn.Add(current!);
        }

        bool isPreempted = currentCan && !current!.IsDone;
        if (!isPreempted || Preemptions < preemptions)
        {
            _canGoOn.AddRange(threads.Where(t => t != current && CanGoOn(t)));
        }

        if (_canGoOn.Count == 0)
        {
            if (threads.All(t => t.HasEnded))
            {
                return null;
            }

            Fail("nobody can go on");
            return NextToLeave(current);
        }

        ExploredThread next = _canGoOn[choices.Choose(_canGoOn.Count)];
        Preemptions += isPreempted && next != current ? 1 : 0;
        _steps[next.Index]++;
        _trace.Add((next, next.Place));
        return next;
    }

    private ExploredThread? NextToLeave(ExploredThread? current) =>
        current is { HasEnded: false } ? current : threads.FirstOrDefault(t => !t.HasEnded);

    /// <summary>The failure, and the steps that led to it: a line is a step, a blank line a change of threads.</summary>
    internal string Report()
    {
        StringBuilder text = new();
        text.AppendLine(Failure).AppendLine();
        ExploredThread? last = null;
        for (int i = 0; i < _trace.Count; i++)
        {
            (ExploredThread thread, string place) = _trace[i];
            if (last is not null && last != thread)
            {
                text.AppendLine();
            }

            last = thread;
            text.AppendLine($"{i,4}  {NameOf(thread),-12} {place}");
        }

        text.AppendLine();
        foreach (ExploredThread thread in threads.Where(t => !t.HasEnded))
        {
            text.AppendLine($"      {NameOf(thread),-12} stands before {thread.Place}");
        }

        return text.ToString();
    }

    private static bool CanGoOn(ExploredThread thread) => !thread.HasEnded && (thread.Condition is null || thread.Condition());

    private string NameOf(ExploredThread thread) => machine.Threads[thread.Index].Name;

    private void Look()
    {
        Check(machine.CheckStep);
        if (_trace.Count > Longest)
        {
            Fail($"no end after {Longest} steps");
        }

        if (choices.AreNew)
        {
            Fingerprint state = default;
            foreach (ExploredThread thread in threads)
            {
                state.Add(string.GetHashCode(thread.Place, StringComparison.Ordinal));
                state.Add(thread.Delayed is null ? 0 : 1);
            }

            machine.Describe(ref state);
            States.Add(state.Value);
        }
    }

    private void Check(Action check)
    {
        try
        {
            check();
        }
        catch (Exception e)
        {
            Fail(e.Message);
        }
    }
}
