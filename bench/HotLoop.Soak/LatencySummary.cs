namespace HotLoop.Soak;

/// <summary>Latencies of some iterations, in milliseconds.</summary>
internal sealed record LatencySummary(double P50, double P99, double Max)
{
    internal static LatencySummary Of(LatencyHistogram histogram) => new(
        histogram.Percentile(50).TotalMilliseconds, histogram.Percentile(99).TotalMilliseconds, histogram.Max.TotalMilliseconds);
}
