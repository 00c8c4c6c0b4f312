namespace HotLoop.Soak;

/// <summary>What the engine's collector did while it was under stress.</summary>
/// <param name="From">When it began, in seconds since the load began.</param>
/// <param name="To">When it was to end.</param>
internal sealed record GcStressSummary(double From, double To)
{
    public int Collections { get; set; }

    /// <summary>Those that moved objects.</summary>
    public int Compacting { get; set; }

    /// <summary>The longest time the engine stood still, in milliseconds.</summary>
    public double LongestPause { get; set; }
}
