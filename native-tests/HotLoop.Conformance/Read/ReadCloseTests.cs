using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class ReadCloseTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.ownclose/1-3", "read.ownclose/6")]
    public Task Close_ends_a_waiting_read_and_has_closed_the_descriptor_when_it_returns(BackendKind backend) =>
        RunBoth(backend, async t =>
        {
            (Conn conn, _) = await t.Pair();
            KernelView view = KernelView.Of(conn);
            Assert.True(view.IsOpen);
            ValueTask<IoResult> read = Scenario.Read(conn);
            Assert.False(read.IsCompleted);
            t.Check("read.ownclose/1", conn.Close);
            t.CheckExtra("read.ownclose/1", "fd_already_closed_when_Close_returns", !view.IsOpen);
            t.Check("read.ownclose/2", await read);
            t.Check("read.ownclose/3", await Scenario.Read(conn));
            t.CheckExtra("read.ownclose/6", "local", conn.LocalAddress);
            t.CheckExtra("read.ownclose/6", "remote", conn.RemoteAddress);
        });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.ownclose/4")]
    public Task After_Close_waiting_data_cannot_be_read(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        _ = await Scenario.Write(peer);
        await KernelView.Of(conn).UntilAvailable(5);
        conn.Close();
        t.Check("read.ownclose/4", await Scenario.Read(conn));
    });
}
