using BenchmarkDotNet.Attributes;
using HotLoop.Timers;

namespace HotLoop.Micro;

/// <summary>
/// Timers set beside others that are armed. One operation: a timer that is not armed is set; each another one, in an order that has
/// nothing to do with their places in memory. That they are stopped between the iterations is not measured.
/// </summary>
// An iteration is a single call here, so it takes more of them until the code is the optimised one.
[WarmupCount(30)]
public class WheelSetting
{
    private const int Batch = 200_000;
    private const long Now = 1_000_000_000;

    private WheelTimer[] _timers = [];
    private TimerWheel _wheel = null!;
    private int _delay;

    [Params(1, 10_000, 1_000_000)]
    public int Armed { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _timers = WheelTimer.CreateShuffled(Batch);
        _wheel = new TimerWheel(Now);
        foreach (WheelTimer timer in WheelTimer.CreateShuffled(Armed))
        {
            _wheel.Add(timer, NextDue());
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void SetEach()
    {
        foreach (WheelTimer timer in _timers)
        {
            _wheel.Add(timer, NextDue());
        }
    }

    [IterationCleanup]
    public void Stop()
    {
        foreach (WheelTimer timer in _timers)
        {
            _wheel.Remove(timer);
        }
    }

    private long NextDue() => Now + (Delays.Milliseconds(_delay++) * Clock.NanosecondsPerMillisecond);
}
