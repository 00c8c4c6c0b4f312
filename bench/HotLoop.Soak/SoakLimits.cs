namespace HotLoop.Soak;

/// <summary>What a soak may show at most.</summary>
/// <param name="MaxRssGrowthBytes">Growth of the server's memory; null: a tenth of what it had, and 8 MiB.</param>
/// <param name="MaxLatency">Of the 99th percentile of echo.</param>
internal sealed record SoakLimits(long? MaxRssGrowthBytes, TimeSpan MaxLatency)
{
    private const long FixedGrowthBytes = 8 * 1024 * 1024;

    /// <summary>The memory that a server may have at the end.</summary>
    /// <param name="steady">What it had when it was warm.</param>
    internal long MaxRssBytes(long steady) => steady + (MaxRssGrowthBytes ?? ((steady / 10) + FixedGrowthBytes));
}
