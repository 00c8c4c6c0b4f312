namespace HotLoop.Soak.Scenarios;

/// <summary>How one iteration of a scenario ended.</summary>
/// <param name="Failure">What went wrong.</param>
/// <param name="Text">The failure in words; empty when there was none.</param>
/// <param name="Bytes">Bytes that came back and were right; 0 for an iteration that failed.</param>
/// <param name="Latency">What the scenario calls its latency; of an iteration that failed, the time until then.</param>
public sealed record IterationResult(FailureKind Failure, string Text, long Bytes, TimeSpan Latency)
{
    /// <summary>Whether all was as it should be.</summary>
    public bool IsGood => Failure == FailureKind.None;
}
