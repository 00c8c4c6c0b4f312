using HotLoop.TestKit;

namespace HotLoop.Conformance.Write;

/// <summary>What happens to the connection while a write waits.</summary>
public sealed class WaitingWriteTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.parked.peerclose/1-3")]
    public Task A_reset_ends_it(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        Assert.False(write.IsCompleted);
        peer.Close();
        t.Check("write.parked.peerclose/1", await write, Counts.Some);
        t.Check("write.parked.peerclose/2", await Scenario.Write(conn));
        t.Check("write.parked.peerclose/3", await Scenario.Read(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.parked.peerclose/4-6")]
    public Task A_reset_is_told_to_it_or_to_a_waiting_read(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("write.parked.peerclose/4", "n > 0, connection reset, or broken pipe when the read was told");
        _ = t.Saw("write.parked.peerclose/5", "n 0, EOF, or connection reset when the write was not told");
        _ = t.Saw("write.parked.peerclose/6", "30 times one of the two is told of the reset");

        (int reset, int pipe) = (Kernel.ErrnoOf("ECONNRESET"), Kernel.ErrnoOf("EPIPE"));
        for (int i = 0; i < 30; i++)
        {
            (Conn conn, Conn peer) = await t.NarrowPair();
            ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
            ValueTask<IoResult> read = Scenario.Read(conn);
            Assert.False(write.IsCompleted || read.IsCompleted);
            peer.Close();
            (IoResult written, IoResult got) = (await write, await read);
            Assert.True(written.Count > 0 && got.Count == 0);

            // The kernel tells it once, to who asks first: 84 of 90 times the write in Go.
            (int, int?) told = (written.Error!.Errno, got.Error?.Errno);
            Assert.True(told == (reset, null) || told == (pipe, reset), $"write {written.Error.Message}; read {got}");
        }
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.parked.shutdowns/1-4")]
    public Task Half_closes_of_the_other_direction_do_not_disturb_it(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        Assert.False(write.IsCompleted);
        t.Check("write.parked.shutdowns/1", peer.CloseWrite);
        t.Check("write.parked.shutdowns/2", await Scenario.Read(conn));
        t.CheckExtra("write.parked.shutdowns/1", "done", write.IsCompleted);
        t.Check("write.parked.shutdowns/3", conn.CloseRead);
        t.CheckExtra("write.parked.shutdowns/3", "done", write.IsCompleted);
        Task<IoResult> drain = Scenario.ReadUpTo(peer, Scenario.Flood);
        t.Check("write.parked.shutdowns/4", await write);
        Assert.Equal(Scenario.Flood, (await drain).Count);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.parked.shutdowns/5")]
    public Task Our_half_close_does_not_disturb_a_waiting_read(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<IoResult> read = Scenario.Read(conn);
        Assert.False(read.IsCompleted);
        conn.CloseWrite();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
        Assert.False(read.IsCompleted);
        _ = await Scenario.Write(peer, 1);
        t.Check("write.parked.shutdowns/5", await read);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.ownclose/1-5")]
    public Task Close_ends_it_and_what_the_kernel_had_is_delivered(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        Assert.False(write.IsCompleted);
        t.Check("write.ownclose/1", conn.Close);
        IoResult written = await write;
        t.Check("write.ownclose/2", written, Counts.Some);
        t.Check("write.ownclose/3", await Scenario.Write(conn));
        t.Check("write.ownclose/4", await Scenario.Write(conn, 0));
        IoResult got = await Scenario.ReadUpTo(peer, long.MaxValue);
        t.Check("write.ownclose/5", got, Counts.Some);
        t.CheckExtra("write.ownclose/5", "equals_n", got.Count == written.Count);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.ownclose/6-7")]
    public Task Close_ends_writes_in_line_with_nothing_written(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        ValueTask<IoResult> first = Scenario.Write(conn, Scenario.Flood);
        ValueTask<IoResult> second = Scenario.Write(conn, Scenario.Flood);
        Assert.False(first.IsCompleted || second.IsCompleted);
        conn.Close();
        t.Check("write.ownclose/6", await first, Counts.Some);
        t.Check("write.ownclose/7", await second);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.closewrite/15-17")]
    public Task Our_own_half_close_breaks_it(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        Assert.False(write.IsCompleted);
        t.Check("write.closewrite/15", conn.CloseWrite);
        IoResult written = await write;
        t.Check("write.closewrite/16", written, Counts.Some);
        IoResult got = await Scenario.ReadUpTo(peer, long.MaxValue);
        t.Check("write.closewrite/17", got, Counts.Some);
        t.CheckExtra("write.closewrite/17", "equals_n", got.Count == written.Count);
    });
}
