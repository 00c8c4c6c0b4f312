using HotLoop.TestKit;

namespace HotLoop.Stress.Crowd;

/// <summary>
/// Ten thousand connections of this process that are closed at once. Their other ends are in a child process, for both would be more
/// descriptors than one process has.
/// </summary>
public sealed class CrowdTests(LoopsFixture loops) : StressTests(loops)
{
    private const int Connections = 10_000;
    private const int Closers = 4;

    [DescriptorTheory(Connections + 500), ClassData(typeof(Settings))]
    public Task Ten_thousand_connections_with_waiting_reads_close_at_once(Setting setting) => Once(setting, async t =>
    {
        Listener listener = t.Listen();
        using ClientProcess clients = ClientProcess.Start(listener.Address, Connections);
        Conn[] conns = new Conn[Connections];
        Task<IoResult>[] reads = new Task<IoResult>[Connections];
        for (int i = 0; i < Connections; i++)
        {
            conns[i] = await t.Accept(listener);
            reads[i] = t.Watch(SocketScope.Read(conns[i]));
        }

        Assert.Equal("connected", await clients.ReadLineAsync());
        Assert.DoesNotContain(reads, read => read.IsCompleted);
        int open = FdLeakGuard.CountSockets();
        t.Random.Shuffle(conns);
        await t.Race([.. conns.Chunk(Connections / Closers).Select(part => (Action)(() => Array.ForEach(part, c => c.Close())))]);
        IoResult[] results = await Task.WhenAll(reads);
        Assert.All(results, r => Assert.Equal(OpErrorKind.Closed, r.Error?.Kind));
        Assert.Equal($"{Connections} in order, 0 reset", await clients.ReadLineAsync());
        Assert.Equal(open - Connections, FdLeakGuard.CountSockets());
    });
}
