using HotLoop.Explorer.Rewriting;

namespace HotLoop.Explorer.Exploring;

/// <summary>
/// What the rewritten library calls where it called the runtime, or just before it does. On a thread that is not explored everything is as it was.
/// </summary>
public static class Steps
{
    /// <summary>The next thing this thread does is an access to a word that others may access too, and sees to it that they see its writes.</summary>
    public static void Access(string place)
    {
        if (ExploredThread.Current is { } thread)
        {
            thread.Step(place);
            thread.Commit();
        }
    }

    /// <summary>The next thing this thread does is a look at what others may change. Like a read, it does not wait for its own writes to be seen.</summary>
    public static void Look(string place)
    {
        if (ExploredThread.Current is { } thread)
        {
            thread.Step(place);
            thread.MayCommit();
        }
    }

    /// <summary>The next thing this thread does is an access that is no step, to a word that it may have written.</summary>
    public static void Commit() => ExploredThread.Current?.Commit();

    /// <summary>Stands for Volatile.Read.</summary>
    public static T Read<T>(ref T word, string place)
        where T : unmanaged
    {
        ExploredThread? thread = ExploredThread.Current;
        thread?.Step(place);
        thread?.MayCommit();
        if (thread?.Delayed is { } delayed && delayed.IsOf(ref word, out T value))
        {
            return value;
        }

        T read = word;
        Volatile.ReadBarrier();
        return read;
    }

    /// <summary>Stands for Volatile.Write, and for a write to a volatile field.</summary>
    public static void Write<T>(ref T word, T value, string place)
        where T : unmanaged
    {
        ExploredThread? thread = ExploredThread.Current;
        thread?.Step(place);
        thread?.Commit();
        if (thread is null || !thread.TryDelay(ref word, value))
        {
            Volatile.WriteBarrier();
            word = value;
        }
    }

    /// <summary>The next thing this thread does may block it, in a way that the explorer does not know.</summary>
    public static void Unknown(string place)
    {
        if (ExploredThread.Current is not null)
        {
            throw new NotSupportedException($"{place}: to be explored, it needs a method here and a line in the rewriter.");
        }
    }

    /// <summary>Whether <see cref="Mutants"/> has this one on.</summary>
    public static bool IsOn(int mutant) => Mutants.On is { } on && ReferenceEquals(Mutants.All[mutant], on);

    /// <summary>Stands for SpinWait.SpinOnce: the thread waits until another has made a step.</summary>
    public static void SpinOnce(ref SpinWait spin)
    {
        if (ExploredThread.Current is { } thread)
        {
            thread.StepAside("SpinWait.SpinOnce");
        }
        else
        {
            spin.SpinOnce();
        }
    }

    /// <summary>Stands for Thread.Yield.</summary>
    public static bool Yield()
    {
        if (ExploredThread.Current is not { } thread)
        {
            return Thread.Yield();
        }

        thread.StepAside("Thread.Yield");
        return true;
    }

    /// <summary>Stands for Lock.EnterScope.</summary>
    public static Lock.Scope EnterScope(Lock gate)
    {
        if (ExploredThread.IsLeaving)
        {
            return default; // who has the lock may be waiting to leave
        }

        ExploredThread.Current?.Enter(gate);
        return gate.EnterScope();
    }

    /// <summary>Stands for Lock.Scope.Dispose.</summary>
    public static void DisposeScope(ref Lock.Scope scope)
    {
        try
        {
            Access("Lock.Exit");
        }
        finally
        {
            scope.Dispose();
        }

        ExploredThread.Current?.Leave();
    }

    /// <summary>For a mutant: the scope of a lock that was not taken.</summary>
    public static Lock.Scope NoScope() => default;

    /// <summary>For a mutant: a compare-and-swap in two steps.</summary>
    public static ulong TornCompareExchange(ref ulong word, ulong value, ulong comparand)
    {
        Access("torn: the read");
        ulong found = word;
        Access("torn: the write");
        if (found == comparand)
        {
            word = value;
        }

        return found;
    }
}
