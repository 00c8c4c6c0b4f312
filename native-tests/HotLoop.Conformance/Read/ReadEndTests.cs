using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class ReadEndTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.peerclose.data/1-6")]
    public Task The_end_comes_after_the_data_and_stays(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        _ = await Scenario.Write(peer);
        peer.Close();
        t.Check("read.peerclose.data/1", await Scenario.Read(conn, 10));
        t.Check("read.peerclose.data/2", await Scenario.Read(conn, 10));
        t.Check("read.peerclose.data/3", await Scenario.Read(conn, 10));
        t.Check("read.peerclose.data/4", await Scenario.Read(conn, 0));
        conn.SetReadDeadline(Deadline.Past);
        t.Check("read.peerclose.data/5", await Scenario.Read(conn, 10));
        conn.SetReadDeadline(Deadline.None);
        t.Check("read.peerclose.data/6", await Scenario.Read(conn, 10));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.peerclose.exact/1-2")]
    public Task The_end_never_comes_together_with_data(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        _ = await Scenario.Write(peer);
        peer.Close();
        t.Check("read.peerclose.exact/1", await Scenario.Read(conn, 5));
        t.Check("read.peerclose.exact/2", await Scenario.Read(conn, 5));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.peerclose.nodata/1-2")]
    public Task The_end_without_data_is_seen_by_a_waiting_read_too(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        peer.Close();
        t.Check("read.peerclose.nodata/1", await Scenario.Read(conn));

        (conn, peer) = await t.Pair();
        ValueTask<IoResult> read = Scenario.Read(conn);
        Assert.False(read.IsCompleted);
        peer.Close();
        t.Check("read.peerclose.nodata/2", await read);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.readfull.timeout/2-4")]
    public Task A_loop_that_reads_to_the_end_gets_what_there_is(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        _ = await Scenario.Write(peer);
        peer.Close();
        t.Check("read.readfull.timeout/2", await Scenario.ReadUpTo(conn, 10));
        t.Check("read.readfull.timeout/3", await Scenario.ReadUpTo(conn, 10));
        t.Check("read.readfull.timeout/4", await Scenario.ReadUpTo(conn, long.MaxValue));
    });

    // Both reads and the end come in one batch of events, or none of them does: every order has to work.
    [Theory, ClassData(typeof(Backends))]
    public Task The_end_is_not_missed_whatever_the_size_of_the_buffer(BackendKind backend) => RunBoth(backend, async t =>
    {
        foreach (int size in new[] { 1, 4, 5, 6, 4096 })
        {
            (Conn conn, Conn peer) = await t.Pair();
            ValueTask<IoResult> read = Scenario.Read(conn, size);
            Assert.False(read.IsCompleted);
            _ = await Scenario.Write(peer);
            peer.Close();
            int total = (await read).Count;
            Assert.True(total > 0);
            Assert.Equal(new IoResult(5 - total, null), await Scenario.ReadUpTo(conn, long.MaxValue));
        }
    });
}
