using HotLoop.TestKit;

namespace HotLoop.Conformance.Write;

public sealed class HalfCloseTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.closewrite/1-14")]
    public Task CloseWrite_ends_one_direction_and_leaves_the_other(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        _ = await Scenario.Write(conn);
        t.Check("write.closewrite/1", conn.CloseWrite);
        t.Check("write.closewrite/2", await Scenario.Write(conn));
        t.Check("write.closewrite/3", conn.CloseWrite);
        t.Check("write.closewrite/4", await Scenario.Read(peer));
        t.Check("write.closewrite/5", await Scenario.Read(peer));
        t.Check("write.closewrite/6", await Scenario.Write(peer));
        t.Check("write.closewrite/7", await Scenario.Read(conn));
        t.Check("write.closewrite/8", peer.CloseWrite);
        t.Check("write.closewrite/9", await Scenario.Read(conn));
        t.Check("write.closewrite/10", conn.CloseRead);
        t.Check("write.closewrite/11", conn.CloseWrite);
        t.Check("write.closewrite/12", conn.Close);
        t.Check("write.closewrite/13", conn.CloseWrite);
        t.Check("write.closewrite/14", conn.CloseRead);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.closeread/1-9")]
    public Task CloseRead_lets_data_through_and_then_says_end(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        _ = await Scenario.Write(peer);
        await view.UntilAvailable(5);
        t.Check("write.closeread/1", conn.CloseRead);
        t.Check("write.closeread/2", await Scenario.Read(conn));
        t.Check("write.closeread/3", await Scenario.Read(conn));
        t.Check("write.closeread/4", await Scenario.Write(peer, 4));
        await view.UntilAvailable(4);
        t.Check("write.closeread/5", await Scenario.Read(conn));
        t.Check("write.closeread/6", await Scenario.Read(conn));
        t.Check("write.closeread/7", await Scenario.Write(conn, 3));
        t.Check("write.closeread/8", await Scenario.Read(peer));
        t.Check("write.closeread/9", conn.CloseRead);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.closeread/10-11")]
    public Task CloseRead_ends_a_waiting_read_and_the_peer_notices_nothing(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<IoResult> read = Scenario.Read(conn);
        Assert.False(read.IsCompleted);
        conn.CloseRead();
        t.Check("write.closeread/10", await read);
        peer.SetReadDeadline(Timing.In(30));
        t.Check("write.closeread/11", await Scenario.Read(peer));
    });
}
