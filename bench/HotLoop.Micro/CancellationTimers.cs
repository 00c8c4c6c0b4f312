using BenchmarkDotNet.Attributes;

namespace HotLoop.Micro;

/// <summary>
/// <see cref="CancellationTokenSource.CancelAfter(int)"/>, beside <see cref="WheelTimers"/>. One operation: a source made, armed and
/// disposed of, or an armed one reset and armed again; "One" and "Each" as there.
/// </summary>
public class CancellationTimers
{
    private const int Batch = 10_000;

    private CancellationTokenSource[] _sources = [];
    private int _next;
    private int _delay;

    [Params(1, 10_000, 1_000_000)]
    public int Armed { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _sources = new CancellationTokenSource[Armed];
        for (int i = 0; i < _sources.Length; i++)
        {
            _sources[i] = new CancellationTokenSource();
            _sources[i].CancelAfter(Delays.Milliseconds(_delay++));
        }

        new Random(2).Shuffle(_sources);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (CancellationTokenSource source in _sources)
        {
            source.Dispose();
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void SetAndStopNew()
    {
        for (int i = 0; i < Batch; i++)
        {
            using CancellationTokenSource source = new();
            source.CancelAfter(Delays.Milliseconds(_delay++));
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void ResetOne()
    {
        CancellationTokenSource source = _sources[0];
        for (int i = 0; i < Batch; i++)
        {
            source.TryReset();
            source.CancelAfter(Delays.Milliseconds(_delay++));
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void ResetEach()
    {
        for (int i = 0; i < Batch; i++)
        {
            CancellationTokenSource source = _sources[_next];
            _next = _next + 1 == _sources.Length ? 0 : _next + 1;
            source.TryReset();
            source.CancelAfter(Delays.Milliseconds(_delay++));
        }
    }
}
