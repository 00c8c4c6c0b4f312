using BenchmarkDotNet.Attributes;
using HotLoop.Timers;

namespace HotLoop.Micro;

/// <summary>
/// The timer wheel of a loop, whose clock stands still. One operation: a timer set and stopped, or set anew while it is armed. "One" is
/// the same timer again and again, whose memory is in the caches; "Each" goes through all of them in an order that has nothing to do
/// with their places in memory.
/// </summary>
public class WheelTimers
{
    private const int Batch = 10_000;
    private const long Now = 1_000_000_000;

    private readonly WheelTimer _one = new();
    private WheelTimer[] _timers = [];
    private TimerWheel _wheel = null!;
    private int _next;
    private int _delay;

    [Params(1, 10_000, 1_000_000)]
    public int Armed { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _timers = WheelTimer.CreateShuffled(Armed);
        _wheel = new TimerWheel(Now);
        foreach (WheelTimer timer in _timers)
        {
            _wheel.Add(timer, NextDue());
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void SetAndStopOne()
    {
        for (int i = 0; i < Batch; i++)
        {
            _wheel.Add(_one, NextDue());
            _wheel.Remove(_one);
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void ResetOne()
    {
        WheelTimer timer = _timers[0];
        for (int i = 0; i < Batch; i++)
        {
            _wheel.Remove(timer);
            _wheel.Add(timer, NextDue());
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void ResetEach()
    {
        for (int i = 0; i < Batch; i++)
        {
            WheelTimer timer = NextTimer();
            _wheel.Remove(timer);
            _wheel.Add(timer, NextDue());
        }
    }

    private WheelTimer NextTimer()
    {
        WheelTimer timer = _timers[_next];
        _next = _next + 1 == _timers.Length ? 0 : _next + 1;
        return timer;
    }

    private long NextDue() => Now + (Delays.Milliseconds(_delay++) * Clock.NanosecondsPerMillisecond);
}
