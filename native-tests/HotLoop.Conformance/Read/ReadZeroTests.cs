using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class ReadZeroTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.zero/1-5", "read.zero/7")]
    public Task An_empty_read_returns_at_once_unless_closed(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        t.Check("read.zero/1", await Scenario.Read(conn, 0));
        _ = await Scenario.Write(peer);
        await KernelView.Of(conn).UntilAvailable(5);
        t.Check("read.zero/2", await Scenario.Read(conn, 0));
        t.Check("read.zero/3", await Scenario.Read(conn, 10));
        conn.SetReadDeadline(Deadline.Past);
        t.Check("read.zero/4", await Scenario.Read(conn, 0));
        t.Check("read.zero/5", await conn.TryReadAsync(default));
        conn.Close();
        t.Check("read.zero/7", await Scenario.Read(conn, 0));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.zero/6")]
    public Task An_empty_read_waits_in_line_behind_another(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<IoResult> read = Scenario.Read(conn);
        ValueTask<IoResult> empty = Scenario.Read(conn, 0);
        await Task.Delay(50); // in which it would return
        Assert.False(read.IsCompleted);
        t.CheckExtra("read.zero/6", "returned_before_data", empty.IsCompleted);
        _ = await Scenario.Write(peer);
        Assert.Equal(new IoResult(5, null), await read);
        t.Check("read.zero/6", await empty);
    });
}
