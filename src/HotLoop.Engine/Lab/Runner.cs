namespace HotLoop.Engine.Lab;

/// <summary>Runs experiments and prints what happened and the verdict.</summary>
/// <param name="output">Where to.</param>
/// <param name="limit">After so long an experiment counts as hanging, and is left.</param>
/// <param name="time">What the limit is measured with; null is the system's.</param>
internal sealed class Runner(TextWriter output, TimeSpan limit, TimeProvider? time = null)
{
    /// <summary>All, and a line of totals.</summary>
    /// <returns>Whether each went as in Go.</returns>
    internal async Task<bool> RunAllAsync(IReadOnlyList<Experiment> experiments)
    {
        int same = 0;
        foreach (Experiment experiment in experiments)
        {
            same += await RunAsync(experiment) ? 1 : 0;
            output.WriteLine();
        }

        int differ = experiments.Count - same;
        output.WriteLine($"{experiments.Count} experiments: {same} as Go does, {differ} differ");
        return differ == 0;
    }

    /// <returns>Whether it went as in Go.</returns>
    internal async Task<bool> RunAsync(Experiment experiment)
    {
        output.WriteLine($"{experiment.Name}: {experiment.Shows}");
        Log log = new(output);
        Verdict verdict = new();
        Stage stage = new(log, verdict);
        await PlayAsync(experiment, stage, verdict);
        log.End(); // what an experiment that hangs does from now on must not get between the lines of others
        foreach (string difference in verdict.Close())
        {
            output.WriteLine($"differs from Go: {difference}");
        }

        // Ends what one that hangs waits for, if anything does, now that it cannot add to the verdict. Nobody waits for that, for it may
        // hang as well.
        _ = Task.Run(stage.Dispose);

        if (verdict.IsSame)
        {
            output.WriteLine("as Go does");
        }

        return verdict.IsSame;
    }

    private async Task PlayAsync(Experiment experiment, Stage stage, Verdict verdict)
    {
        using CancellationTokenSource over = new();

        // On the thread pool: also one that blocks its thread must not block this.
        Task play = Task.Run(async () =>
        {
            try
            {
                await experiment.PlayAsync(stage);
            }
            finally
            {
                stage.Dispose();
            }
        });
        Task first = await Task.WhenAny(play, Task.Delay(limit, time ?? TimeProvider.System, over.Token));
        await over.CancelAsync();
        if (first != play)
        {
            verdict.Differs($"it hangs: no end after {limit.TotalSeconds:0.#} s");
            return;
        }

        await play.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (play.Exception?.InnerException is { } stopped)
        {
            verdict.Differs(stopped is IOException
                ? $"it could not go on: {stopped.Message}"
                : $"it failed: {stopped.GetType().Name}: {stopped.Message}");
        }
    }
}
