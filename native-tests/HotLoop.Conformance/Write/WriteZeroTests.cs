using HotLoop.TestKit;

namespace HotLoop.Conformance.Write;

public sealed class WriteZeroTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.zero/1-4")]
    public Task An_empty_write_asks_the_kernel(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        t.Check("write.zero/1", await Scenario.Write(conn, 0));
        t.Check("write.zero/2", await conn.TryWriteAsync(ReadOnlyMemory<byte>.Empty));
        peer.SetReadDeadline(Timing.In(30));
        t.Check("write.zero/3", await Scenario.Read(peer));
        conn.CloseWrite();
        t.Check("write.zero/4", await Scenario.Write(conn, 0));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.zero/5")]
    public Task An_empty_write_waits_in_line_behind_another(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        ValueTask<IoResult> empty = Scenario.Write(conn, 0);
        await Task.Delay(50); // in which it would return
        Assert.False(write.IsCompleted);
        t.CheckExtra("write.zero/5", "returned_before_drain", empty.IsCompleted);
        Assert.Equal(Scenario.Flood, (await Scenario.ReadUpTo(peer, Scenario.Flood)).Count);
        Assert.Equal(new IoResult(Scenario.Flood, null), await write);
        t.Check("write.zero/5", await empty);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.zero/6")]
    public Task An_empty_write_does_not_wait_for_room(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        Assert.False(write.IsCompleted);
        conn.SetWriteDeadline(Timing.In(30));
        Assert.True((await write).Error!.Timeout);
        conn.SetWriteDeadline(Deadline.None);
        t.Check("write.zero/6", await Scenario.Write(conn, 0));
    });
}
