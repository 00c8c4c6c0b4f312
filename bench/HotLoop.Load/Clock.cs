using System.Diagnostics;

namespace HotLoop.Load;

/// <summary>The monotonic clock, in nanoseconds.</summary>
internal static class Clock
{
    internal const long NanosecondsPerSecond = 1_000_000_000;

    // 1 on Linux and macOS: the counter counts nanoseconds.
    private static readonly double s_scale = (double)NanosecondsPerSecond / Stopwatch.Frequency;

    internal static long Now =>
        Stopwatch.Frequency == NanosecondsPerSecond ? Stopwatch.GetTimestamp() : (long)(Stopwatch.GetTimestamp() * s_scale);

    internal static long Of(TimeSpan time) => time.Ticks * 100;
}
