namespace HotLoop.Explorer.Exploring;

/// <summary>The real threads that make one run after the other, for as long as the search has any.</summary>
internal sealed class Crew
{
    private const int Size = 4;

    private readonly ExploredThread[] _threads;
    private readonly AutoResetEvent _done = new(false);
    private Search? _search;

    internal Crew() => _threads = [.. Enumerable.Range(0, Size).Select(i => new ExploredThread(this, i))];

    internal void Begin(Search search)
    {
        _search = search;
        if (BeginRun() is { } first)
        {
            first.GoOn();
        }
        else
        {
            _done.Set();
        }
    }

    internal void Join() => _done.WaitOne();

    /// <summary>A run has ended. Who begins the next, or null. By the thread that ended last: to wake another for it takes longer than most runs.</summary>
    internal ExploredThread? EndRun(Run run)
    {
        run.End();
        _search!.Add(run);
        ExploredThread? first = BeginRun();
        if (first is null)
        {
            _done.Set();
        }

        return first;
    }

    private ExploredThread? BeginRun()
    {
        if (_search!.Take() is not { } given)
        {
            return null;
        }

        try
        {
            Machine machine = _search.CreateMachine();
            Run run = new(machine, _threads[..machine.Threads.Count], new Choices(given), _search.Preemptions);
            return run.Begin();
        }
        catch (Exception e)
        {
            _search.Fail($"no machine: {e}");
            return null;
        }
    }
}
