using BenchmarkDotNet.Attributes;
using HotLoop.Native;
using HotLoop.Parking;

namespace HotLoop.Micro;

/// <summary>
/// What an error costs. One operation: an <see cref="OpError"/> made, of the engine or of the kernel; or, on the loop, a read that fails
/// because its deadline has passed or its connection is closed, with the error as a value or thrown and caught.
/// </summary>
public class Errors
{
    private const int Batch = 1_000;

    private readonly byte[] _buffer = new byte[64];
    private LoopHost _host = null!;
    private Conn _expired = null!;
    private Conn _closed = null!;
    private Func<Task> _tryExpired = null!;
    private Func<Task> _catchExpired = null!;
    private Func<Task> _tryClosed = null!;
    private Func<Task> _catchClosed = null!;

    [GlobalSetup]
    public void Setup()
    {
        _host = new LoopHost();
        (_expired, _closed) = _host.Connect();
        _expired.SetReadDeadline(Deadline.Past);
        _closed.Close();
        _tryExpired = () => Try(_expired);
        _catchExpired = () => Catch(_expired);
        _tryClosed = () => Try(_closed);
        _catchClosed = () => Catch(_closed);
    }

    [GlobalCleanup]
    public void Cleanup() => _host.Dispose();

    [Benchmark(OperationsPerInvoke = Batch)]
    public OpError CreateDeadlineExceeded() => Create(Outcome.DeadlineExceeded);

    [Benchmark(OperationsPerInvoke = Batch)]
    public OpError CreateReset() => Create(-Errno.ECONNRESET);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task TryReadAfterDeadline() => _host.On(_tryExpired);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task CatchReadAfterDeadline() => _host.On(_catchExpired);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task TryReadAfterClose() => _host.On(_tryClosed);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task CatchReadAfterClose() => _host.On(_catchClosed);

    private OpError Create(int code)
    {
        OpError error = null!;
        for (int i = 0; i < Batch; i++)
        {
            error = _expired.CreateError("read", code);
        }

        return error;
    }

    private async Task Try(Conn conn)
    {
        for (int i = 0; i < Batch; i++)
        {
            IoResult result = await conn.TryReadAsync(_buffer);
            if (result.Error is null)
            {
                throw new InvalidOperationException("the read did not fail");
            }
        }
    }

    private async Task Catch(Conn conn)
    {
        for (int i = 0; i < Batch; i++)
        {
            try
            {
                await conn.ReadAsync(_buffer);
            }
            catch (OpError)
            {
                continue;
            }

            throw new InvalidOperationException("the read did not fail");
        }
    }
}
