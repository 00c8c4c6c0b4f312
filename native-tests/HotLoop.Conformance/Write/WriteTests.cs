using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Write;

public sealed class WriteTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.ok/1-2")]
    public Task A_write_that_fits_the_kernel_s_buffers_does_not_wait(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        t.Check("write.ok/1", await Scenario.Write(conn, 5));
        t.Check("write.ok/2", await Scenario.Write(conn, 65536));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.block/1")]
    public Task A_write_ends_when_all_is_with_the_kernel(BackendKind backend) => RunBoth(backend, async t =>
    {
        const int Size = 8 * 1024 * 1024;
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<IoResult> write = Scenario.Write(conn, Size);
        t.CheckExtra("write.block/1", "still_parked_before_drain", !write.IsCompleted);
        Task<IoResult> drain = Scenario.ReadUpTo(peer, Size);
        t.Check("write.block/1", await write);
        t.CheckExtra("write.block/1", "peer_got_all", (await drain).Count == Size);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.block/2-3")]
    public Task A_peer_that_never_reads_holds_writes_until_their_deadline(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        byte[] all = new byte[64 * 1024 * 1024];
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetWriteDeadline(Timing.In(150));
        t.Check("write.block/2", await conn.TryWriteAsync(all), Counts.Some);
        t.About(watch, 150);

        (conn, _) = await t.Pair();
        byte[] part = new byte[65536];
        watch.Restart();
        conn.SetWriteDeadline(Timing.In(300));
        IoResult result;
        do
        {
            result = await conn.TryWriteAsync(part);
        }
        while (result.Error is null);
        t.Check("write.block/3", result, Counts.Any);
        t.About(watch, 300);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.order/1")]
    public Task Small_writes_before_Close_arrive_in_order(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        for (byte i = 0; i < 5; i++)
        {
            await conn.WriteAsync(new[] { i });
        }

        conn.Close();
        List<byte> got = [];
        t.Check("write.order/1", await Scenario.ReadUpTo(peer, 100, part => got.AddRange(part.Span)));
        t.CheckExtra("write.order/1", "data", $"[{string.Join(' ', got)}]");
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.concurrent/1")]
    public Task Large_writes_are_not_mixed(BackendKind backend) => RunBoth(backend, async t =>
    {
        const int Each = 512 * 1024;
        (Conn conn, Conn peer) = await t.NarrowPair();
        Task[] writes = [.. Enumerable.Range(1, 6).Select(letter => Task.Run(async () =>
        {
            byte[] buffer = new byte[Each];
            buffer.AsSpan().Fill((byte)letter);
            await conn.WriteAsync(buffer);
        }))];
        int runs = 0;
        byte last = 0;
        t.Check("write.concurrent/1", await Scenario.ReadUpTo(peer, 6 * Each, part =>
        {
            foreach (byte b in part.Span)
            {
                runs += b == last ? 0 : 1;
                last = b;
            }
        }));
        await Task.WhenAll(writes);
        t.CheckExtra("write.concurrent/1", "runs", runs);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.concurrent/2-3")]
    public Task A_deadline_covers_the_time_in_line(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        ValueTask<IoResult> first = Scenario.Write(conn, Scenario.Flood);
        ValueTask<IoResult> second = Scenario.Write(conn, Scenario.Flood);
        Assert.False(first.IsCompleted || second.IsCompleted);
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetWriteDeadline(Timing.In(100));
        t.Check("write.concurrent/2", await first, Counts.Some);
        t.About(watch, 100);
        t.Check("write.concurrent/3", await second);
        t.About(watch, 100);
    });
}
