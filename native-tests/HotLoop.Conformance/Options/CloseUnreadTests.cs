using HotLoop.TestKit;

namespace HotLoop.Conformance.Options;

public sealed class CloseUnreadTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.close.unread/1-4")]
    public Task Closing_with_received_bytes_unread_resets(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await PairWithUnread(t);
        conn.Close();
        t.Check("opt.close.unread/1", await Scenario.Read(peer));
        t.Check("opt.close.unread/2", await Scenario.Read(peer));
        t.Check("opt.close.unread/3", await Scenario.Write(peer));

        (conn, peer) = await PairWithUnread(t);
        ValueTask<IoResult> read = Scenario.Read(peer);
        Assert.False(read.IsCompleted);
        conn.Close();
        t.Check("opt.close.unread/4", await read);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.close.unread/5-6")]
    public Task What_was_sent_before_that_reset_still_arrives(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await PairWithUnread(t);
        _ = await Scenario.Write(conn);
        await KernelView.Of(peer).UntilAvailable(5);
        conn.Close();
        t.Check("opt.close.unread/5", await Scenario.Read(peer));
        t.Check("opt.close.unread/6", await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.close.unread/7-9")]
    public Task Closing_with_everything_read_ends_the_stream(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await PairWithUnread(t);
        t.Check("opt.close.unread/7", await Scenario.Read(conn));
        _ = await Scenario.Write(conn);
        conn.Close();
        t.Check("opt.close.unread/8", await Scenario.Read(peer));
        t.Check("opt.close.unread/9", await Scenario.Read(peer));
    });

    private static async Task<(Conn Conn, Conn Peer)> PairWithUnread(Scenario t)
    {
        (Conn conn, Conn peer) = await t.Pair();
        _ = await Scenario.Write(peer);
        await KernelView.Of(conn).UntilAvailable(5);
        return (conn, peer);
    }
}
