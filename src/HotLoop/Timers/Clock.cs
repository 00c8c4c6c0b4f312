using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace HotLoop.Timers;

/// <summary>The monotonic clock (CLOCK_MONOTONIC on Linux), in nanoseconds since an arbitrary start; always above 0.</summary>
internal static class Clock
{
    internal const long NanosecondsPerMillisecond = 1_000_000;

    internal static long Now
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Stopwatch.Frequency == 1_000_000_000
            ? Stopwatch.GetTimestamp()
            : (long)(Stopwatch.GetTimestamp() * (1_000_000_000.0 / Stopwatch.Frequency));
    }
}
