using HotLoop.Load;

namespace HotLoop.Soak;

/// <summary>Latencies of some iterations, in milliseconds.</summary>
internal sealed record LatencySummary(double P50, double P99, double Max)
{
    private const double NanosecondsPerMillisecond = 1_000_000;

    internal static LatencySummary Of(LatencyHistogram histogram) => new(
        histogram.Percentile(50) / NanosecondsPerMillisecond,
        histogram.Percentile(99) / NanosecondsPerMillisecond,
        histogram.Max / NanosecondsPerMillisecond);
}
