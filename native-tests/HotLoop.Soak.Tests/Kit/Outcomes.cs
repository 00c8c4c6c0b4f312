using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak.Tests.Kit;

/// <summary>Made-up findings.</summary>
internal static class Outcomes
{
    internal const long Mebibyte = 1024 * 1024;

    internal static SoakLimits Limits { get; } = new(MaxRssGrowthBytes: null, TimeSpan.FromMilliseconds(100));

    /// <summary>Nothing is wrong with it.</summary>
    internal static SoakOutcome Good { get; } = new()
    {
        DescriptorsBefore = 60,
        DescriptorsAfter = 60,
        SteadyRssBytes = 40 * Mebibyte,
        SettledRssBytes = 41 * Mebibyte,
        Scenarios = [Scenario("echo"), Scenario("churn")],
        End = new EngineEnd(0, 0.1, []),
    };

    internal static ScenarioSummary Scenario(string name, long iterations = 100, double p99Milliseconds = 10) =>
        new(name, iterations, 0, new Dictionary<FailureKind, long>(), "", 1000, new LatencySummary(1, p99Milliseconds, 50));

    internal static Sample SampleAt(double seconds) => new(seconds, Mebibyte, 60, 10, 50, []);
}
