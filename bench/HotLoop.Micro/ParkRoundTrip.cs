using BenchmarkDotNet.Attributes;

namespace HotLoop.Micro;

/// <summary>
/// Both ends of a TCP connection live on one loop. One operation: a client writes 64 bytes and parks in a read, which resumes the
/// handler of the other end; that one writes them back and parks, which resumes the client. Two parks and two resumptions.
/// </summary>
public class ParkRoundTrip
{
    private const int Batch = 5_000;
    private const int MessageBytes = 64;

    private readonly byte[] _buffer = new byte[MessageBytes];
    private LoopHost _host = null!;
    private Conn _client = null!;
    private Func<Task> _roundTrips = null!;

    [GlobalSetup]
    public void Setup()
    {
        _host = new LoopHost();
        (_client, Conn server) = _host.Connect();
        _ = server.Go(Echo);
        _roundTrips = RoundTrips;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _client.Close();
        _host.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task RoundTrip() => _host.On(_roundTrips);

    private async Task RoundTrips()
    {
        for (int i = 0; i < Batch; i++)
        {
            await _client.WriteAsync(_buffer);
            await _client.ReadAsync(_buffer);
        }
    }

    private static async Task Echo(Conn conn)
    {
        byte[] buffer = new byte[MessageBytes];
        int n;
        while ((n = await conn.ReadAsync(buffer)) > 0)
        {
            await conn.WriteAsync(buffer.AsMemory(0, n));
        }
    }
}
