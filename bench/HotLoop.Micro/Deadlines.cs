using BenchmarkDotNet.Attributes;

namespace HotLoop.Micro;

/// <summary>
/// A deadline for each operation, set on the loop. One operation: the read deadline of a connection moved to 30 seconds from now,
/// while no read waits (a store) or while one does (the wheel is armed already, for an earlier moment); or what sets the same
/// time-out with a <see cref="CancellationTokenSource"/>.
/// </summary>
public class Deadlines
{
    private const int Batch = 10_000;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _source = new();
    private LoopHost _host = null!;
    private Conn _idle = null!;
    private Conn _waiting = null!;
    private Action _setIdle = null!;
    private Action _setWaiting = null!;
    private Action _resetSource = null!;
    private Action _newSource = null!;

    [GlobalSetup]
    public void Setup()
    {
        _host = new LoopHost();
        (_idle, _waiting) = _host.Connect();
        _ = _waiting.Go(async conn => await conn.TryReadAsync(new byte[1]));
        _setIdle = () => SetDeadlines(_idle);
        _setWaiting = () => SetDeadlines(_waiting);
        _resetSource = ResetSource;
        _newSource = NewSources;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _host.Dispose();
        _source.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Batch, Baseline = true)]
    public Task SetReadDeadline() => _host.On(_setIdle);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task SetReadDeadlineWhileReading() => _host.On(_setWaiting);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task ResetAndCancelAfter() => _host.On(_resetSource);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task NewCancelAfterDispose() => _host.On(_newSource);

    private static void SetDeadlines(Conn conn)
    {
        for (int i = 0; i < Batch; i++)
        {
            conn.SetReadDeadline(Deadline.After(s_timeout));
        }
    }

    private void ResetSource()
    {
        for (int i = 0; i < Batch; i++)
        {
            _source.TryReset();
            _source.CancelAfter(s_timeout);
        }
    }

    private static void NewSources()
    {
        for (int i = 0; i < Batch; i++)
        {
            using CancellationTokenSource source = new();
            source.CancelAfter(s_timeout);
        }
    }
}
