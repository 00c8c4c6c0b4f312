using HotLoop.Polling.Uring;

namespace HotLoop.Faults.Library;

/// <summary>A server on one loop whose ring has other sizes than usual, so that it runs short.</summary>
internal sealed class UringServer : IAsyncDisposable
{
    private readonly LoopGroup _loops;
    private readonly Server _server;

    internal UringServer(UringLimits limits, Func<Conn, Task> handler)
    {
        UringPoller? poller = null;
        int result = UringPoller.TryCreate(limits, out poller);
        Assert.Equal(0, result);
        Poller = poller!;
        _loops = new LoopGroup(new LoopOptions { LoopCount = 1 }, () => Poller);
        _server = Server.Listen("tcp", "127.0.0.1:0", handler, new ServerOptions { Loops = _loops });
    }

    internal UringPoller Poller { get; }

    internal NetAddress Address => _server.Address;

    internal int ConnectionCount => _server.ConnectionCount;

    /// <summary>Has the loop do nothing until <paramref name="until"/> has run: what happens meanwhile, the kernel meets it with all at once.</summary>
    internal async Task WhileBlockedAsync(Func<Task> until)
    {
        using ManualResetEventSlim go = new();
        TaskCompletionSource blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _loops.Loops[0].Post(_ =>
        {
            blocked.SetResult();
            go.Wait();
        });
        await blocked.Task;
        try
        {
            await until();
        }
        finally
        {
            go.Set();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _loops.Dispose();
    }
}
