using System.Threading.Channels;
using BenchmarkDotNet.Attributes;

namespace HotLoop.Micro;

/// <summary>
/// Work handed to another thread. One operation: a callback or an item, from the call until it has run or been read. "Batch" is
/// 10,000 handed over in a row, then one wait; "Single" waits for each, so that it wakes the sleeping receiver, and the receiver
/// wakes the waiting benchmark.
/// </summary>
public class Posting
{
    private const int Batch = 10_000;
    private const int Singles = 100;

    private readonly Gate _gate = new();
    private readonly Channel<Gate> _channel =
        Channel.CreateUnbounded<Gate>(new UnboundedChannelOptions { SingleReader = true });

    private LoopHost _host = null!;
    private Task _reader = Task.CompletedTask;

    [GlobalSetup]
    public void Setup()
    {
        _host = new LoopHost();
        _reader = ReadChannel();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _channel.Writer.Complete();
        _reader.GetAwaiter().GetResult();
        _host.Dispose();
        _gate.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void LoopBatch() => Hand(Batch, PostToLoop);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void ChannelBatch() => Hand(Batch, WriteToChannel);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void ThreadPoolBatch() => Hand(Batch, QueueToThreadPool);

    [Benchmark(OperationsPerInvoke = Singles)]
    public void LoopSingle() => HandSingly(PostToLoop);

    [Benchmark(OperationsPerInvoke = Singles)]
    public void ChannelSingle() => HandSingly(WriteToChannel);

    [Benchmark(OperationsPerInvoke = Singles)]
    public void ThreadPoolSingle() => HandSingly(QueueToThreadPool);

    private void PostToLoop() => _host.Loop.Post(static gate => ((Gate)gate!).Pass(), _gate);

    private void WriteToChannel() => _channel.Writer.TryWrite(_gate);

    private void QueueToThreadPool() =>
        ThreadPool.UnsafeQueueUserWorkItem(static gate => gate.Pass(), _gate, preferLocal: false);

    private void HandSingly(Action hand)
    {
        for (int i = 0; i < Singles; i++)
        {
            Hand(1, hand);
        }
    }

    private void Hand(int count, Action hand)
    {
        _gate.Expect(count);
        for (int i = 0; i < count; i++)
        {
            hand();
        }

        _gate.Wait();
    }

    private async Task ReadChannel()
    {
        await foreach (Gate gate in _channel.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            gate.Pass();
        }
    }
}
