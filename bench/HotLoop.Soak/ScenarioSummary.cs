using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak;

/// <summary>The iterations of one scenario, of an interval or of the whole soak.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Iterations">Completed, failures included.</param>
/// <param name="Failures">Of them.</param>
/// <param name="FailureKinds">How many of which kind.</param>
/// <param name="FirstFailure">The first of them in words; empty without any.</param>
/// <param name="Bytes">That came back and were right.</param>
/// <param name="Latency">Of those that did not fail.</param>
internal sealed record ScenarioSummary(
    string Scenario,
    long Iterations,
    long Failures,
    IReadOnlyDictionary<FailureKind, long> FailureKinds,
    string FirstFailure,
    long Bytes,
    LatencySummary Latency);
