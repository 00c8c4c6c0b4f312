namespace HotLoop.Soak.Scenarios;

/// <summary>Every scenario.</summary>
public static class Catalogue
{
    /// <summary>The name of the scenario whose latency has a threshold.</summary>
    public const string Echo = "echo";

    /// <summary>In the order of the tables.</summary>
    public static IReadOnlyList<CatalogueEntry> All { get; } =
    [
        Entry(new EchoScenario(), copies: 8, pauseMilliseconds: 100),
        Entry(new PipelinedScenario(), copies: 4, pauseMilliseconds: 100),
        Entry(new ChurnScenario(), copies: 4, pauseMilliseconds: 20),
        Entry(new SlowReaderScenario(), copies: 4, pauseMilliseconds: 100),
        Entry(new HalfCloseScenario(), copies: 4, pauseMilliseconds: 100),
        Entry(new IdleScenario(), copies: 50, pauseMilliseconds: 20),
        Entry(new ResetScenario(), copies: 2, pauseMilliseconds: 100),
        Entry(new BurstScenario(), copies: 1, pauseMilliseconds: 500),
    ];

    private static CatalogueEntry Entry(Scenario scenario, int copies, int pauseMilliseconds) =>
        new(scenario, copies, TimeSpan.FromMilliseconds(pauseMilliseconds));
}
