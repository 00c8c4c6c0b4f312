using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak;

/// <summary>All copies of all scenarios, repeating until they are stopped.</summary>
internal sealed class Load : IDisposable
{
    // After a failure: a server that is gone is not dialed as fast as the machine can.
    private static readonly TimeSpan s_failurePause = TimeSpan.FromMilliseconds(200);

    // An iteration may dial twice and wait twice.
    private static readonly TimeSpan s_endLimit = 4 * SoakTarget.Patience;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Tally> _tallies = [];
    private readonly List<Task> _copies = [];

    private Load()
    {
    }

    internal static Load Start(SoakTarget target, int seed)
    {
        Load load = new();
        foreach (CatalogueEntry entry in Catalogue.All)
        {
            Tally tally = new(entry.Scenario.Name);
            load._tallies.Add(tally);
            for (int i = 0; i < entry.Copies; i++)
            {
                Random random = new(unchecked(seed + load._copies.Count));
                load._copies.Add(Task.Run(() => RepeatAsync(entry, tally, target, random, load._stop.Token)));
            }
        }

        return load;
    }

    internal IReadOnlyList<ScenarioSummary> Sum() => [.. _tallies.Select(t => t.Sum())];

    /// <summary>What came since the call before this.</summary>
    internal IReadOnlyList<ScenarioSummary> TakeInterval() => [.. _tallies.Select(t => t.TakeInterval())];

    /// <summary>Ends the load and waits for the iterations that run.</summary>
    /// <returns>Copies that had not ended long after they had to.</returns>
    internal async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_copies), Task.Delay(s_endLimit));
        return _copies.Count(copy => !copy.IsCompleted);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private static async Task RepeatAsync(
        CatalogueEntry entry, Tally tally, SoakTarget target, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            IterationResult result = await entry.Scenario.RunAsync(target, random, stop);
            tally.Add(result);
            await Task.Delay(result.IsGood ? entry.Pause : entry.Pause + s_failurePause, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
