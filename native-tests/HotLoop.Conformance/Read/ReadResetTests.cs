using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class ReadResetTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.rst.parked/1-4")]
    public Task A_reset_is_told_once_to_the_read_that_waits(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<IoResult> read = Scenario.Read(conn);
        Assert.False(read.IsCompleted);
        Scenario.Reset(peer);
        t.Check("read.rst.parked/1", await read);
        t.Check("read.rst.parked/2", await Scenario.Read(conn));
        t.Check("read.rst.parked/3", await Scenario.Write(conn));
        t.Check("read.rst.parked/4", conn.Close);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.rst.data/1-3")]
    public Task Data_that_came_before_a_reset_is_delivered(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        _ = await Scenario.Write(peer);
        await view.UntilAvailable(5);
        Scenario.Reset(peer);
        await view.UntilReset();
        t.Check("read.rst.data/1", await Scenario.Read(conn, 10));
        t.Check("read.rst.data/2", await Scenario.Read(conn, 10));
        t.Check("read.rst.data/3", await Scenario.Read(conn, 10));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.rst.data/4-9")]
    public Task A_reset_is_told_to_a_write_that_comes_first(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        Scenario.Reset(peer);
        await view.UntilReset();
        t.Check("read.rst.data/4", await Scenario.Write(conn));
        t.Check("read.rst.data/5", await Scenario.Read(conn));
        t.Check("read.rst.data/6", await Scenario.Write(conn));
        t.Check("read.rst.data/7", conn.CloseWrite);
        t.Check("read.rst.data/8", conn.CloseRead);
        t.Check("read.rst.data/9", () => conn.SetNoDelay(true));
    });
}
