using HotLoop.Timers;

namespace HotLoop.TestKit.Simulation;

/// <summary>A clock that stands until a test moves it. It is read from any thread, and moved by one.</summary>
internal sealed class ManualClock : Clock
{
    // One second, so that the beginning is no special number (deadlines of 0 and 1 are).
    private long _now = 1_000_000_000;

    internal override long Now => Volatile.Read(ref _now);

    internal void MoveTo(long now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(now, _now);
        Volatile.Write(ref _now, now);
    }

    internal void Advance(TimeSpan time) => MoveTo(_now + (time.Ticks * TimeSpan.NanosecondsPerTick));
}
