using HotLoop.TestKit;

namespace HotLoop.Conformance.Write;

public sealed class WritePeerClosedTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.peerclosed/1-5", "write.sigpipe/1")]
    public Task After_a_clean_close_only_the_first_write_works(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        peer.Close();
        await view.UntilPeerClosed();
        t.Check("write.peerclosed/1", await Scenario.Write(conn));
        await view.UntilReset();
        t.Check("write.peerclosed/2", await Scenario.Write(conn));
        t.Check("write.peerclosed/3", await Scenario.Write(conn));
        t.Check("write.sigpipe/1", (await Scenario.Write(conn)).Error);
        t.Check("write.peerclosed/4", await Scenario.Read(conn));
        t.Check("write.peerclosed/5", conn.Close);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.peerclosed/6")]
    public Task Two_writes_back_to_back_after_a_clean_close(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("write.peerclosed/6", "50 times 1st n 5, and broken pipe as soon as the reset is there");
        for (int i = 0; i < 50; i++)
        {
            (Conn conn, Conn peer) = await t.Pair();
            KernelView view = KernelView.Of(conn);
            peer.Close();
            await view.UntilPeerClosed();
            Assert.Equal(new IoResult(5, null), await Scenario.Write(conn));

            // The reset may be on its way still: then this one is taken as well, and the next is not.
            IoResult second = await Scenario.Write(conn);
            if (second.Error is null)
            {
                await view.UntilReset();
                second = await Scenario.Write(conn);
            }

            Assert.Equal(0, second.Count);
            Assert.Equal(Kernel.ErrnoOf("EPIPE"), second.Error?.Errno);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.peerclosed/7-10")]
    public Task Reads_before_and_after_the_first_write_see_the_end(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        peer.Close();
        t.Check("write.peerclosed/7", await Scenario.Read(conn));
        t.Check("write.peerclosed/8", await Scenario.Write(conn));
        await view.UntilReset();
        t.Check("write.peerclosed/9", await Scenario.Read(conn));
        t.Check("write.peerclosed/10", await Scenario.Write(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.peerclosed/11-13")]
    public Task A_peer_that_closes_with_our_data_unread_resets(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        (KernelView view, KernelView peerView) = (KernelView.Of(conn), KernelView.Of(peer));
        _ = await Scenario.Write(conn);
        await peerView.UntilAvailable(5);
        peer.Close();
        await view.UntilReset();
        t.Check("write.peerclosed/11", await Scenario.Write(conn));
        t.Check("write.peerclosed/12", await Scenario.Write(conn));
        t.Check("write.peerclosed/13", await Scenario.Read(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.peerclosed/14-16")]
    public Task A_half_closed_peer_still_takes_data(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        peer.CloseWrite();
        await view.UntilPeerClosed();
        t.Check("write.peerclosed/14", await Scenario.Write(conn));
        t.Check("write.peerclosed/15", await Scenario.Read(conn));
        t.Check("write.peerclosed/16", await Scenario.Read(peer));
    });
}
