namespace HotLoop.Explorer.Exploring;

/// <summary>What is explored: some threads over real objects of the library, made anew for every run, and what must hold.</summary>
internal abstract class Machine
{
    private readonly List<(string Name, Action Body)> _threads = [];

    internal IReadOnlyList<(string Name, Action Body)> Threads => _threads;

    /// <summary>The library's objects whose words threads share. Writes to them may be seen late.</summary>
    internal abstract IReadOnlyList<object> Owners { get; }

    /// <summary>What holds before each step. Throws, when it does not.</summary>
    internal virtual void CheckStep()
    {
    }

    /// <summary>What holds when all threads have ended.</summary>
    internal abstract void CheckEnd();

    /// <summary>The words that make up the machine's state.</summary>
    internal abstract void Describe(ref Fingerprint state);

    protected void Thread(string name, Action body) => _threads.Add((name, body));

    /// <summary>The calling thread cannot go on before the condition holds, which others bring about.</summary>
    protected static void BlockUntil(string what, Func<bool> condition) => ExploredThread.Current!.BlockUntil(what, condition);
}
