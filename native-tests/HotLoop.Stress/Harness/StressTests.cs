using System.Runtime.CompilerServices;
using HotLoop.TestKit;

namespace HotLoop.Stress;

/// <summary>The base of every class of stress tests: runs a body for each seed, and names seed and iteration when it fails or hangs.</summary>
public abstract class StressTests(LoopsFixture loops) : IClassFixture<LoopsFixture>
{
    // Without the end of a single iteration: the longest takes a second or two on a busy machine.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>A race: many iterations a seed, with the loops to itself.</summary>
    protected Task Race(Setting setting, int iterations, Func<StressRun, Task> body, [CallerMemberName] string test = "") =>
        RunSeeds(setting, Seeds.All, run => run.Repeat(iterations, () => body(run)), test);

    /// <summary>What takes seconds: once for the first seed and once for each third after it.</summary>
    protected Task Once(Setting setting, Func<StressRun, Task> body, [CallerMemberName] string test = "") =>
        RunSeeds(setting, Seeds.All.Where((_, i) => i % 3 == 0), run => run.Repeat(1, () => body(run)), test);

    /// <summary>A property: once a seed, on loops that are busy with others.</summary>
    protected async Task Hold(Setting setting, Func<StressRun, Task> body, [CallerMemberName] string test = "")
    {
        Load load = await Load.StartAsync(loops.For(setting.Backend));
        try
        {
            await RunSeeds(setting, Seeds.All, run => run.Repeat(1, () => body(run)), test);
        }
        finally
        {
            await load.StopAsync();
        }
    }

    private async Task RunSeeds(Setting setting, IEnumerable<int> seeds, Func<StressRun, Task> body, string test)
    {
        foreach (int seed in seeds)
        {
            StressRun run = new(loops.For(setting.Backend), setting, seed);
            try
            {
                await WaitWhileItMoves(run.RunInPlace(() => body(run)), run);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"[{setting}] seed {seed}, iteration {run.Iteration}: {e.Message}\n{Seeds.Replay(seed, test)}", e);
            }
            finally
            {
                await Task.Run(run.Dispose);
            }
        }
    }

    private static async Task WaitWhileItMoves(Task task, StressRun run)
    {
        int seen;
        do
        {
            seen = run.Iteration;
            await Task.WhenAny(task, Task.Delay(s_patience));
        }
        while (!task.IsCompleted && run.Iteration != seen);

        Assert.True(task.IsCompleted, $"it hangs; {run.Completions}");
        await task;
    }
}
