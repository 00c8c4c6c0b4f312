using System.Diagnostics;

namespace HotLoop.Explorer.Exploring;

/// <summary>Goes through all interleavings of a machine that need no more than so many preemptions.</summary>
internal static class Exploration
{
    private static readonly List<ExploredThread> s_threads = [];

    /// <summary>Ends with the first failure, or when every interleaving has been seen, or at the limit.</summary>
    internal static Findings Explore(Func<Machine> create, int preemptions, int limit = int.MaxValue)
    {
        Choices choices = new();
        HashSet<ulong> states = [];
        Stopwatch watch = Stopwatch.StartNew();
        long steps = 0;
        int runs = 0;
        while (true)
        {
            Run run = Once(create(), choices, preemptions, states);
            runs++;
            steps += run.Steps;
            if (run.Failure is not null)
            {
                return new Findings(runs, steps, states.Count, preemptions, watch.Elapsed, false, run.Report(), run.Preemptions);
            }

            if (!choices.Advance())
            {
                return new Findings(runs, steps, states.Count, preemptions, watch.Elapsed, true, null, 0);
            }

            if (runs == limit)
            {
                return new Findings(runs, steps, states.Count, preemptions, watch.Elapsed, false, null, 0);
            }
        }
    }

    private static Run Once(Machine machine, Choices choices, int preemptions, HashSet<ulong> states)
    {
        while (s_threads.Count < machine.Threads.Count)
        {
            s_threads.Add(new ExploredThread(s_threads.Count));
        }

        ExploredThread[] threads = [.. s_threads.Take(machine.Threads.Count)];
        Run run = new(machine, threads, choices, preemptions, states);
        foreach (ExploredThread thread in threads)
        {
            thread.Prepare(run);
        }

        run.Begin()!.GoOn();
        run.Ended.Wait();
        if (run.Failure is null)
        {
            try
            {
                machine.CheckEnd();
            }
            catch (Exception e)
            {
                run.Fail(e.Message);
            }
        }

        return run;
    }
}
