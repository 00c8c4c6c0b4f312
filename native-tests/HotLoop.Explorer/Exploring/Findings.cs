namespace HotLoop.Explorer.Exploring;

/// <summary>What an exploration came to.</summary>
/// <param name="Interleavings">Runs, each with choices of its own: who goes on, and which writes are seen late.</param>
/// <param name="Steps">Of all runs.</param>
/// <param name="States">Different ones: where each thread stands, and the words that the machine describes.</param>
/// <param name="Preemptions">The bound.</param>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="IsExhausted">No interleaving within the bound is left.</param>
/// <param name="Failure">What went wrong in the last run, and its steps.</param>
/// <param name="FailurePreemptions">How many preemptions that run needed.</param>
internal sealed record Findings(
    int Interleavings, long Steps, int States, int Preemptions, TimeSpan Elapsed, bool IsExhausted, string? Failure, int FailurePreemptions);
