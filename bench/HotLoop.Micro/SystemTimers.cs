using BenchmarkDotNet.Attributes;

namespace HotLoop.Micro;

/// <summary>
/// <see cref="Timer"/>, beside <see cref="WheelTimers"/>. One operation: a timer made, armed and disposed of, or an armed one set anew;
/// "One" and "Each" as there.
/// </summary>
public class SystemTimers
{
    private const int Batch = 10_000;

    private Timer[] _timers = [];
    private int _next;
    private int _delay;

    [Params(1, 10_000, 1_000_000)]
    public int Armed { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _timers = new Timer[Armed];
        for (int i = 0; i < _timers.Length; i++)
        {
            _timers[i] = Create();
        }

        new Random(2).Shuffle(_timers);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (Timer timer in _timers)
        {
            timer.Dispose();
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void SetAndStopNew()
    {
        for (int i = 0; i < Batch; i++)
        {
            Create().Dispose();
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void ChangeOne()
    {
        Timer timer = _timers[0];
        for (int i = 0; i < Batch; i++)
        {
            timer.Change(Delays.Milliseconds(_delay++), Timeout.Infinite);
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void ChangeEach()
    {
        for (int i = 0; i < Batch; i++)
        {
            Timer timer = _timers[_next];
            _next = _next + 1 == _timers.Length ? 0 : _next + 1;
            timer.Change(Delays.Milliseconds(_delay++), Timeout.Infinite);
        }
    }

    private Timer Create() => new(static _ => { }, null, Delays.Milliseconds(_delay++), Timeout.Infinite);
}
