using System.Globalization;
using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak;

/// <summary>Says what is wrong with an outcome.</summary>
internal static class Verdict
{
    private const double BytesPerMebibyte = 1024 * 1024;

    /// <returns>Every reason to fail, in words; none: the soak is good.</returns>
    internal static IReadOnlyList<string> Judge(SoakOutcome outcome, SoakLimits limits) =>
    [
        .. outcome.Scenarios.SelectMany(JudgeScenario),
        .. JudgeLatency(outcome.Scenarios, limits),
        .. outcome.HangingCopies > 0 ? [$"{outcome.HangingCopies} copies of scenarios did not end"] : Array.Empty<string>(),
        .. outcome is { GcStress.Compacting: 0, IsServerLost: false } ? ["the engine never compacted its memory, though it was to"] : Array.Empty<string>(),
        .. outcome.IsServerLost ? ["the server ended before it was told to"] : JudgeGrowth(outcome, limits),
        .. outcome.End is null ? [] : JudgeEnd(outcome.End),
    ];

    private static IEnumerable<string> JudgeScenario(ScenarioSummary scenario)
    {
        if (scenario.Iterations == 0)
        {
            yield return $"{scenario.Scenario}: not one iteration was completed";
        }

        if (scenario.Failures > 0)
        {
            string kinds = string.Join(", ", scenario.FailureKinds.Select(k => $"{k.Value} {k.Key}"));
            yield return $"{scenario.Scenario}: {scenario.Failures} of {scenario.Iterations} iterations failed ({kinds}); "
                + $"the first: {scenario.FirstFailure}";
        }
    }

    private static IEnumerable<string> JudgeLatency(IReadOnlyList<ScenarioSummary> scenarios, SoakLimits limits)
    {
        double limit = limits.MaxLatency.TotalMilliseconds;
        return scenarios
            .Where(s => s.Scenario == Catalogue.Echo && s.Latency.P99 > limit)
            .Select(s => Invariant($"{s.Scenario}: the p99 latency is {s.Latency.P99:0.###} ms, the limit is {limit:0.###} ms"));
    }

    private static IEnumerable<string> JudgeGrowth(SoakOutcome outcome, SoakLimits limits)
    {
        if (outcome.DescriptorsAfter > outcome.DescriptorsBefore)
        {
            yield return $"descriptors: {outcome.DescriptorsBefore} before the load, {outcome.DescriptorsAfter} after it";
        }

        long allowed = limits.MaxRssBytes(outcome.SteadyRssBytes);
        if (outcome.SettledRssBytes > allowed)
        {
            yield return $"memory: {Mebibytes(outcome.SteadyRssBytes)} when warm, "
                + $"{Mebibytes(outcome.SettledRssBytes)} after the load, the limit is {Mebibytes(allowed)}";
        }
    }

    private static IEnumerable<string> JudgeEnd(EngineEnd end)
    {
        if (end.ExitCode is null)
        {
            yield return Invariant($"the engine had not ended {end.Seconds:0.#} s after SIGTERM");
        }
        else if (end.ExitCode != 0)
        {
            yield return $"the engine ended with exit code {end.ExitCode}";
        }

        foreach (string line in end.UnexpectedErrors)
        {
            yield return $"the engine wrote to standard error: {line}";
        }
    }

    private static string Mebibytes(long bytes) => Invariant($"{bytes / BytesPerMebibyte:0.0} MiB");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
