using HotLoop.TestKit;
using HotLoop.TestKit.Networks;

namespace HotLoop.Conformance.Read;

/// <summary>A peer that cannot be reached any more.</summary>
public sealed class ReadLostPeerTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [NamespaceTheory, ClassData(typeof(Backends))]
    [GoCase("read.netns/1-4")]
    public Task The_kernel_gives_up_on_unacknowledged_data(BackendKind backend) => RunInNamespace(backend, async t =>
    {
        RouteMessage.SetLoopback(up: true);
        (Conn conn, _) = await t.Pair();
        KernelView.Of(conn).SetOption("TCP_USER_TIMEOUT", 1000);
        RouteMessage.SetLoopback(up: false);
        ValueTask<IoResult> read = Scenario.Read(conn);
        t.Check("read.netns/1", await Scenario.Write(conn, 4));
        Assert.False(read.IsCompleted);
        t.Check("read.netns/2", await read);
        t.Check("read.netns/3", await Scenario.Write(conn));
        t.Check("read.netns/4", await Scenario.Read(conn));
    });

    [NamespaceTheory, ClassData(typeof(Backends))]
    [GoCase("read.netns/5")]
    public Task Keep_alive_finds_out_without_data(BackendKind backend) => RunInNamespace(backend, async t =>
    {
        RouteMessage.SetLoopback(up: true);
        (Conn conn, _) = await t.Pair();
        conn.SetKeepAlivePeriod(TimeSpan.FromSeconds(1));
        KernelView.Of(conn).SetOption("TCP_KEEPCNT", 2);
        RouteMessage.SetLoopback(up: false);
        t.Check("read.netns/5", await Scenario.Read(conn));
    });
}
