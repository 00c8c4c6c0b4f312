using System.Diagnostics;

namespace HotLoop.Conformance;

/// <summary>Bounds of durations: never early, and late only by what a busy machine explains.</summary>
public static class Timing
{
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMilliseconds(400);

    /// <summary>A moment on the engine's clock, for the cases that name one.</summary>
    public static Deadline In(int milliseconds) => Deadline.After(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary><paramref name="watch"/> was started before the deadline was set.</summary>
    /// <param name="watch">Of it.</param>
    /// <param name="milliseconds">How long it should take.</param>
    /// <param name="clock">Resolution, in milliseconds, of a clock other than the engine's.</param>
    public static void About(Stopwatch watch, int milliseconds, int clock = 0)
    {
        TimeSpan elapsed = watch.Elapsed;
        TimeSpan expected = TimeSpan.FromMilliseconds(milliseconds);
        Assert.True(elapsed >= expected - TimeSpan.FromMilliseconds(clock), $"early: after {elapsed.TotalMilliseconds} ms, not {milliseconds}");
        Assert.True(elapsed < expected + s_tolerance, $"late: after {elapsed.TotalMilliseconds} ms, not {milliseconds}");
    }

    public static void AtOnce(Stopwatch watch) => About(watch, 0);
}
