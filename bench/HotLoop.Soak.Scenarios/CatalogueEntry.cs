namespace HotLoop.Soak.Scenarios;

/// <summary>A scenario and how much of it makes a soak.</summary>
/// <param name="Scenario">What is repeated.</param>
/// <param name="Copies">So many iterations run at the same time.</param>
/// <param name="Pause">
/// Between two iterations of a copy: a server under a soak has idle moments, and the machine is not full all the time.
/// </param>
public sealed record CatalogueEntry(Scenario Scenario, int Copies, TimeSpan Pause);
