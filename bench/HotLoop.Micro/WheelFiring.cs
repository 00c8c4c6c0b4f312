using BenchmarkDotNet.Attributes;
using HotLoop.Timers;

namespace HotLoop.Micro;

/// <summary>
/// Timers of a loop's wheel whose time comes. One operation: one of them fired and set again, for 30 to 60 seconds later; the wheel's own
/// moves of timers to lower levels are in it. The clock is the benchmark's, and goes on as a loop's does that sleeps until the
/// wheel has something to do.
/// </summary>
public class WheelFiring
{
    private const int Batch = 10_000;

    // Shorter than for the other timers: a single timer would take the clock past the 292 years that it holds.
    private const long NanosecondsPerDelay = Clock.NanosecondsPerMillisecond / 20;

    private TimerWheel _wheel = null!;
    private long _now = 1_000_000_000;
    private int _delay;

    [Params(1, 10_000, 1_000_000)]
    public int Armed { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _wheel = new TimerWheel(_now);
        foreach (WheelTimer timer in WheelTimer.CreateShuffled(Armed))
        {
            _wheel.Add(timer, NextDue());
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void FireAndSetAgain()
    {
        for (int fired = 0; fired < Batch;)
        {
            TimerEntry? entry = _wheel.PopDue(_now);
            if (entry is null)
            {
                _now += Math.Max(1, _wheel.TimeoutMilliseconds(_now)) * Clock.NanosecondsPerMillisecond;
                continue;
            }

            entry.OnTimer();
            _wheel.Add(entry, NextDue());
            fired++;
        }
    }

    private long NextDue() => _now + (Delays.Milliseconds(_delay++) * NanosecondsPerDelay);
}
