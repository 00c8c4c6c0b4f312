using System.Diagnostics;
using System.Text;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class ReadConcurrentTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.concurrent/1-4")]
    public Task A_second_read_gets_what_the_first_leaves(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        (byte[] three, byte[] ten) = (new byte[3], new byte[10]);
        ValueTask<IoResult> first = conn.TryReadAsync(three);
        ValueTask<IoResult> second = conn.TryReadAsync(ten);
        Assert.False(first.IsCompleted || second.IsCompleted);
        _ = await peer.TryWriteAsync("hello"u8.ToArray());
        t.Check("read.concurrent/1", await first);
        t.Check("read.concurrent/2", await second);
        t.CheckExtra("read.concurrent/1", "data", Encoding.ASCII.GetString(three));
        t.CheckExtra("read.concurrent/2", "data", Encoding.ASCII.GetString(ten, 0, 2));

        first = Scenario.Read(conn);
        second = Scenario.Read(conn);
        Assert.False(first.IsCompleted || second.IsCompleted);
        _ = await Scenario.Write(peer, 1);
        t.Check("read.concurrent/3", await first);
        Assert.False(second.IsCompleted);
        _ = await Scenario.Write(peer, 1);
        t.Check("read.concurrent/4", await second);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.concurrent/5-6")]
    public Task Close_ends_the_reads_in_line_too(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        ValueTask<IoResult> first = Scenario.Read(conn);
        ValueTask<IoResult> second = Scenario.Read(conn);
        Assert.False(first.IsCompleted || second.IsCompleted);
        conn.Close();
        t.Check("read.concurrent/5", await first);
        t.Check("read.concurrent/6", await second);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.concurrent/7-8")]
    public Task A_deadline_covers_the_time_in_line(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetReadDeadline(Timing.In(50));
        ValueTask<IoResult> first = Scenario.Read(conn);
        ValueTask<IoResult> second = Scenario.Read(conn);
        t.Check("read.concurrent/7", await first);
        t.About(watch, 50);
        t.Check("read.concurrent/8", await second);
        t.About(watch, 50);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.concurrent.fifo/1")]
    public Task Reads_are_served_in_order_of_arrival(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("read.concurrent.fifo/1", "order=[0, 1, 2, 3, 4]");
        (Conn conn, Conn peer) = await t.Pair();
        byte[] bytes = new byte[5];
        ValueTask<IoResult>[] reads = [.. Enumerable.Range(0, 5).Select(i => conn.TryReadAsync(bytes.AsMemory(i, 1)))];
        for (int i = 0; i < reads.Length; i++)
        {
            Assert.All(reads[i..], r => Assert.False(r.IsCompleted));
            _ = await peer.TryWriteAsync(new[] { (byte)(i + 1) });
            Assert.Equal(new IoResult(1, null), await reads[i]);
        }

        Assert.Equal([1, 2, 3, 4, 5], bytes);
    });

    // The awaiter of the first gives the direction back: until then the second stays in line, but data is not lost.
    [Theory, ClassData(typeof(Backends))]
    public Task A_read_that_nobody_awaits_keeps_others_in_line_until_Close(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<IoResult> forgotten = Scenario.Read(conn);
        ValueTask<IoResult> second = Scenario.Read(conn);
        _ = await Scenario.Write(peer);
        await KernelView.Until(() => forgotten.IsCompleted);
        Assert.False(second.IsCompleted);
        conn.Close();
        Assert.Equal(OpErrorKind.Closed, (await second).Error?.Kind);
        Assert.Equal(5, (await forgotten).Count);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.setdeadline.storm/1")]
    public Task A_storm_of_calls_leaves_the_connection_usable(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("read.setdeadline.storm/1", "works=true");
        (Conn conn, Conn peer) = await t.Pair();
        Task echo = Echo.Run(peer);
        List<Task> calls = [];
        for (int i = 0; i < 100; i++)
        {
            calls.Add(Task.Run(async () => await Scenario.Read(conn)));
            calls.Add(Task.Run(async () => await Scenario.Write(conn, 100)));
            calls.Add(Task.Run(() => conn.SetDeadline(Timing.In(10))));
            calls.Add(Task.Run(() => conn.SetReadDeadline(Deadline.Past)));
            calls.Add(Task.Run(() => conn.SetWriteDeadline(Deadline.Past)));
            calls.Add(Task.Run(() => conn.LocalAddress));
            calls.Add(Task.Run(() => conn.RemoteAddress));
        }

        await Task.WhenAll(calls);
        await Echo.Resynchronize(conn);
        await Echo.RoundTrip(conn);
        conn.Close();
        await echo;
    });
}
