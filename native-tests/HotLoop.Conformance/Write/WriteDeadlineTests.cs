using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Write;

public sealed class WriteDeadlineTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.deadline/1-6")]
    public Task A_past_deadline_stops_even_empty_writes(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        t.Check("write.deadline/1", () => conn.SetWriteDeadline(Deadline.At(DateTimeOffset.UnixEpoch)));
        t.Check("write.deadline/2", await Scenario.Write(conn));
        t.Check("write.deadline/3", await Scenario.Write(conn, 0));
        peer.SetReadDeadline(Timing.In(30));
        t.Check("write.deadline/4", await Scenario.Read(peer));
        conn.SetWriteDeadline(Timing.In(1000));
        t.Check("write.deadline/5", await Scenario.Write(conn));
        peer.SetReadDeadline(Deadline.None);
        t.Check("write.deadline/6", await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.deadline/7-10")]
    public Task A_waiting_write_follows_its_deadline(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        conn.SetWriteDeadline(Timing.In(300));
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        await Task.Delay(50); // it waits under the first deadline
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetWriteDeadline(Timing.In(400));
        t.Check("write.deadline/7", await write, Counts.Some);
        t.About(watch, 400);

        // The buffers are full, but the kernel may still find a little room.
        conn.SetWriteDeadline(Timing.In(2000));
        write = Scenario.Write(conn, Scenario.Flood);
        await Task.Delay(50); // in which the room that is left is used up
        Assert.False(write.IsCompleted);
        watch.Restart();
        conn.SetWriteDeadline(Timing.In(50));
        t.Check("write.deadline/8", await write, Counts.Any);
        t.About(watch, 50);

        conn.SetWriteDeadline(Deadline.None);
        write = Scenario.Write(conn, Scenario.Flood);
        Assert.False(write.IsCompleted);
        watch.Restart();
        conn.SetWriteDeadline(Deadline.Past);
        t.Check("write.deadline/9", await write, Counts.Any);
        Timing.AtOnce(watch);

        _ = await Scenario.Write(peer, 4);
        t.Check("write.deadline/10", await Scenario.Read(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.timeout.partial/1-4")]
    public Task The_stream_goes_on_from_the_count_of_a_write_that_timed_out(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        byte[] sent = new byte[4 * 1024 * 1024];
        new Random(3).NextBytes(sent);
        ValueTask<IoResult> write = conn.TryWriteAsync(sent);
        Assert.False(write.IsCompleted);
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetWriteDeadline(Timing.In(100));
        IoResult first = await write;
        t.Check("write.timeout.partial/1", first, Counts.Some);
        t.About(watch, 100);
        t.Check("write.timeout.partial/2", await conn.TryWriteAsync(sent.AsMemory(first.Count)));

        conn.SetWriteDeadline(Deadline.None);
        byte[] got = new byte[sent.Length];
        int offset = 0;
        Task<IoResult> drain = Scenario.ReadUpTo(peer, sent.Length, part =>
        {
            part.CopyTo(got.AsMemory(offset));
            offset += part.Length;
        });
        IoResult rest = await conn.TryWriteAsync(sent.AsMemory(first.Count));
        t.Check("write.timeout.partial/3", rest, Counts.Some);
        Assert.Equal(sent.Length, first.Count + rest.Count);
        t.Check("write.timeout.partial/4", await drain);
        t.CheckExtra("write.timeout.partial/4", "equal", sent.AsSpan().SequenceEqual(got));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.both.deadline/1-2")]
    public Task SetDeadline_ends_a_waiting_read_and_a_waiting_write(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        ValueTask<IoResult> read = Scenario.Read(conn);
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        Assert.False(read.IsCompleted || write.IsCompleted);
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetDeadline(Timing.In(100));
        t.Check("write.both.deadline/1", await read);
        t.About(watch, 100);
        t.Check("write.both.deadline/2", await write, Counts.Some);
        t.About(watch, 100);
    });
}
