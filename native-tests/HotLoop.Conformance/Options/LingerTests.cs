using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Options;

public sealed class LingerTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.linger/1-6")]
    public Task Linger_reaches_the_kernel_and_zero_resets(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        t.CheckOptions("opt.linger/1", view);
        t.Check("opt.linger/2", () => conn.SetLinger(5));
        t.CheckOptions("opt.linger/2", view);
        t.Check("opt.linger/3", () => conn.SetLinger(-1));
        t.CheckOptions("opt.linger/3", view);
        t.Check("opt.linger/4", () => conn.SetLinger(0));
        t.CheckOptions("opt.linger/4", view);
        t.Check("opt.linger/5", conn.Close);
        t.Check("opt.linger/6", await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.linger/7-9")]
    public Task A_reset_drops_what_was_not_sent_but_not_what_was_delivered(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        _ = await Scenario.Write(conn);
        await KernelView.Of(peer).UntilAvailable(5);
        Scenario.Reset(conn);
        t.Check("opt.linger/7", await Scenario.Read(peer));
        t.Check("opt.linger/8", await Scenario.Read(peer));

        (conn, peer) = await t.NarrowPair();
        int written = await FillBuffers(conn);
        Scenario.Reset(conn);
        IoResult got = await Scenario.ReadUpTo(peer, long.MaxValue);
        t.Check("opt.linger/9", got, Counts.Any);
        Assert.True(got.Count < written);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.linger/10-11")]
    public Task By_default_Close_returns_at_once_and_all_is_delivered(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        int written = await FillBuffers(conn);
        Stopwatch watch = Stopwatch.StartNew();
        t.Check("opt.linger/10", conn.Close);
        Timing.AtOnce(watch);
        IoResult got = await Scenario.ReadUpTo(peer, long.MaxValue);
        t.Check("opt.linger/11", got, Counts.Some);
        Assert.Equal(written, got.Count);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.linger/12-13")]
    public Task With_linger_Close_waits_for_delivery_off_the_loop(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        int written = await FillBuffers(conn);
        conn.SetLinger(1);
        Stopwatch watch = Stopwatch.StartNew();
        OpError? error = Scenario.ErrorOf(conn.Close);

        // The kernel counts in ticks of its own clock, and may come one early; the pool, which makes the call, may come late.
        Assert.InRange(watch.ElapsedMilliseconds, 980, 3000);
        t.Check("opt.linger/12", error);
        _ = t.Saw("opt.linger/12", "returned after ~1000ms");
        IoResult got = await Scenario.ReadUpTo(peer, long.MaxValue);
        t.Check("opt.linger/13", got, Counts.Some);
        Assert.Equal(written, got.Count);
    });

    // Go would block a thread here, which a loop cannot afford.
    [Theory, ClassData(typeof(Backends))]
    public Task With_linger_Close_on_a_loop_leaves_the_waiting_to_others(BackendKind backend) => RunOnLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        int written = await FillBuffers(conn);
        conn.SetLinger(1);
        Stopwatch watch = Stopwatch.StartNew();
        conn.Close();
        Timing.AtOnce(watch);
        Assert.Equal(new IoResult(written, null), await Scenario.ReadUpTo(peer, long.MaxValue));
    });

    private static async Task<int> FillBuffers(Conn conn)
    {
        ValueTask<IoResult> write = Scenario.Write(conn, Scenario.Flood);
        Assert.False(write.IsCompleted);
        await Task.Delay(50); // in which the peer's window fills too
        conn.SetWriteDeadline(Deadline.Past);
        IoResult result = await write;
        Assert.True(result.Error!.Timeout);
        return result.Count;
    }
}
