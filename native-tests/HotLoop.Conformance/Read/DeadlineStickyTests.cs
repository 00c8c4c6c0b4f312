using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class DeadlineStickyTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.sticky/1-9")]
    public Task An_expired_deadline_holds_for_its_direction_until_it_is_set(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        KernelView view = KernelView.Of(conn);
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetReadDeadline(Timing.In(30));
        t.Check("read.deadline.sticky/1", await Scenario.Read(conn));
        t.About(watch, 30);

        _ = await Scenario.Write(peer);
        await view.UntilAvailable(5);
        t.Check("read.deadline.sticky/2", await Scenario.Read(conn));
        t.Check("read.deadline.sticky/3", await Scenario.Write(conn, 2));
        conn.SetReadDeadline(Timing.In(1000));
        t.Check("read.deadline.sticky/4", await Scenario.Read(conn));

        conn.SetWriteDeadline(Deadline.Past);
        _ = await Scenario.Write(peer, 1);
        await view.UntilAvailable(1);
        t.Check("read.deadline.sticky/5", await Scenario.Read(conn));
        t.Check("read.deadline.sticky/6", await Scenario.Write(conn));

        conn.SetDeadline(Deadline.Past);
        t.Check("read.deadline.sticky/7", await Scenario.Read(conn));
        t.Check("read.deadline.sticky/8", await Scenario.Write(conn));
        conn.SetDeadline(Deadline.None);
        t.Check("read.deadline.sticky/9", await Scenario.Write(conn, 1));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.sticky/10-11")]
    public Task SetDeadline_sets_two_that_can_be_cleared_one_by_one(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        conn.SetDeadline(Timing.In(50));
        conn.SetReadDeadline(Deadline.None);
        ValueTask<IoResult> read = Scenario.Read(conn);
        await Task.Delay(80); // past the deadline that was cleared
        t.CheckExtra("read.deadline.sticky/10", "still_parked", !read.IsCompleted);
        _ = await Scenario.Write(peer, 1);
        t.Check("read.deadline.sticky/10", await read);
        t.Check("read.deadline.sticky/11", await Scenario.Write(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.sticky/12-13")]
    public Task A_deadline_beyond_all_clocks_is_none(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        foreach ((string id, Deadline far) in new[]
        {
            ("read.deadline.sticky/12", Deadline.At(DateTimeOffset.MaxValue)),
            ("read.deadline.sticky/13", Deadline.After(TimeSpan.MaxValue)),
        })
        {
            conn.SetReadDeadline(far);
            ValueTask<IoResult> read = Scenario.Read(conn);
            await Task.Delay(20); // in which an overflow would end it
            Assert.False(read.IsCompleted);
            _ = await Scenario.Write(peer, 1);
            t.Check(id, await read);
        }
    });
}
