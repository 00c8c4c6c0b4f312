using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class ReadDataTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.partial/1", "read.enough/1-4")]
    public Task A_read_takes_what_is_there_and_fits(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);

        await Send(peer, view, 5);
        t.Check("read.partial/1", await Scenario.Read(conn, 10));

        await Send(peer, view, 12);
        t.Check("read.enough/1", await Scenario.Read(conn, 10));
        t.Check("read.enough/2", await Scenario.Read(conn, 10));

        _ = await Scenario.Write(peer, 2);
        _ = await Scenario.Write(peer, 2);
        await view.UntilAvailable(4);
        t.Check("read.enough/3", await Scenario.Read(conn, 10));

        conn.SetReadBuffer(1024 * 1024);
        await Send(peer, view, 65536);
        t.Check("read.enough/4", await Scenario.Read(conn, 65536));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.park/1")]
    public Task Without_data_a_read_waits(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        byte[] buffer = new byte[10];
        ValueTask<IoResult> read = conn.TryReadAsync(buffer);
        Assert.False(read.IsCompleted);
        _ = await peer.TryWriteAsync("hello"u8.ToArray());
        t.Check("read.park/1", await read);
        Assert.Equal("hello"u8, buffer.AsSpan(0, 5));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.big/1")]
    public Task A_large_message_arrives_whole_and_then_ends(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        byte[] sent = new byte[1024 * 1024];
        new Random(1).NextBytes(sent);
        async Task SendAll()
        {
            Assert.Equal(new IoResult(sent.Length, null), await peer.TryWriteAsync(sent));
            peer.Close();
        }

        Task sending = SendAll();
        List<byte> got = [];
        t.Check("read.big/1", await Scenario.ReadUpTo(conn, long.MaxValue, part => got.AddRange(part.Span)));
        await sending;
        t.CheckExtra("read.big/1", "equal", sent.SequenceEqual(got));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.two.kinds/1-3")]
    public Task A_waiting_read_and_a_waiting_write_do_not_disturb_each_other(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        ValueTask<IoResult> read = Scenario.Read(conn);
        Assert.False(write.IsCompleted || read.IsCompleted);
        _ = await Scenario.Write(peer, 1);
        t.Check("read.two.kinds/1", await read);
        t.CheckExtra("read.two.kinds/1", "write_done", write.IsCompleted);

        read = Scenario.Read(conn);
        Assert.False(read.IsCompleted);
        Assert.Equal(Scenario.Flood, (await Scenario.ReadUpTo(peer, Scenario.Flood)).Count);
        t.Check("read.two.kinds/2", await write);
        t.CheckExtra("read.two.kinds/2", "read_done", read.IsCompleted);

        conn.Close();
        t.Check("read.two.kinds/3", await read);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.threads/1")]
    public Task Waiting_reads_take_no_threads(BackendKind backend) => RunBoth(backend, async t =>
    {
        List<Conn> peers = [];
        List<ValueTask<IoResult>> reads = [];
        int before = Kernel.ThreadCount();
        for (int i = 0; i < 500; i++)
        {
            (Conn conn, Conn peer) = await t.Pair();
            peers.Add(peer);
            reads.Add(Scenario.Read(conn));
        }

        // Some slack for the pool, whose threads come and go by themselves.
        Assert.True(Kernel.ThreadCount() < before + 20);
        Assert.All(reads, r => Assert.False(r.IsCompleted));
        int total = 0;
        foreach (Conn peer in peers)
        {
            _ = await Scenario.Write(peer, 1);
        }

        foreach (ValueTask<IoResult> read in reads)
        {
            total += (await read).Count;
        }

        t.Check("read.threads/1", new IoResult(total, null));
    });

    private static async Task Send(Conn peer, KernelView view, int count)
    {
        _ = await Scenario.Write(peer, count);
        await view.UntilAvailable(count);
    }
}
