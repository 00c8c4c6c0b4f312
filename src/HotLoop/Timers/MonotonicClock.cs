using System.Diagnostics;

namespace HotLoop.Timers;

/// <summary>The system's monotonic clock (CLOCK_MONOTONIC on Linux). From any thread.</summary>
internal sealed class MonotonicClock : Clock
{
    internal static readonly MonotonicClock Instance = new();

    private MonotonicClock()
    {
    }

    internal override long Now => Stopwatch.Frequency == 1_000_000_000
        ? Stopwatch.GetTimestamp()
        : (long)(Stopwatch.GetTimestamp() * (1_000_000_000.0 / Stopwatch.Frequency));
}
