using BenchmarkDotNet.Attributes;

namespace HotLoop.Micro;

/// <summary>
/// Reads and writes that need not wait, on the loop. One operation: a read of 16 bytes that are there, or a write of 16 bytes that
/// the kernel has room for. A share of the other end's work is in it: one write feeds, or one read empties, 128 operations; and
/// each 64th operation is the one that lets others run.
/// </summary>
public class InlineIo
{
    private const int Batch = 4_096;
    private const int OperationsPerFill = 128;
    private const int MessageBytes = 16;

    private readonly byte[] _message = new byte[MessageBytes];
    private readonly byte[] _fill = new byte[MessageBytes * OperationsPerFill];
    private LoopHost _host = null!;
    private Conn _client = null!;
    private Conn _server = null!;
    private Func<Task> _reads = null!;
    private Func<Task> _writes = null!;

    [GlobalSetup]
    public void Setup()
    {
        _host = new LoopHost();
        (_client, _server) = _host.Connect();
        _reads = Reads;
        _writes = Writes;
    }

    [GlobalCleanup]
    public void Cleanup() => _host.Dispose();

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task Read() => _host.On(_reads);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task Write() => _host.On(_writes);

    private async Task Reads()
    {
        for (int i = 0; i < Batch; i++)
        {
            if (i % OperationsPerFill == 0)
            {
                await _client.WriteAsync(_fill);
            }

            await _server.ReadAsync(_message);
        }
    }

    private async Task Writes()
    {
        for (int i = 1; i <= Batch; i++)
        {
            await _client.WriteAsync(_message);
            if (i % OperationsPerFill == 0)
            {
                await Empty();
            }
        }
    }

    private async Task Empty()
    {
        for (int left = _fill.Length; left > 0;)
        {
            left -= await _server.ReadAsync(_fill.AsMemory(0, left));
        }
    }
}
