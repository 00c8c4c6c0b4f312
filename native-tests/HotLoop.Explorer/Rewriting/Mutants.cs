namespace HotLoop.Explorer.Rewriting;

/// <summary>Every mutant there is. All are in the rewritten library; at most one is on.</summary>
internal static class Mutants
{
    internal static readonly Mutant TornSwap = new("FdLock", "Swap", "CompareExchange", Torn: true);

    internal static readonly Mutant[] All = [TornSwap];

    /// <summary>The one that is on, or null.</summary>
    internal static Mutant? On { get; set; }
}
