namespace HotLoop.Timers;

/// <summary>
/// What time it is, in nanoseconds since an arbitrary start; always above 0, never backwards. A loop has one, by which its deadlines and timers are
/// judged: <see cref="MonotonicClock"/>, unless whoever turns the loop brings another.
/// </summary>
internal abstract class Clock
{
    internal const long NanosecondsPerMillisecond = 1_000_000;

    internal abstract long Now { get; }
}
