using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class ReadDeadlineChangeTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.change/1-2")]
    public Task A_waiting_read_follows_its_deadline_later_and_sooner(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        // Longer than Go's, so that a busy machine does not reach the first deadline.
        conn.SetReadDeadline(Timing.In(300));
        ValueTask<IoResult> read = Scenario.Read(conn);
        await Task.Delay(50); // it waits under the first deadline
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetReadDeadline(Timing.In(400));
        t.Check("read.deadline.change/1", await read);
        t.About(watch, 400);

        conn.SetReadDeadline(Timing.In(2000));
        read = Scenario.Read(conn);
        await Task.Delay(50); // as above
        watch.Restart();
        conn.SetReadDeadline(Timing.In(50));
        t.Check("read.deadline.change/2", await read);
        t.About(watch, 50);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.change/3-4")]
    public Task A_past_deadline_ends_a_waiting_read_and_none_lets_it_go_on(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ValueTask<IoResult> read = Scenario.Read(conn);
        Assert.False(read.IsCompleted);
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetReadDeadline(Deadline.Past);
        t.Check("read.deadline.change/3", await read);
        Timing.AtOnce(watch);

        conn.SetReadDeadline(Timing.In(200));
        read = Scenario.Read(conn);
        await Task.Delay(30); // it waits under the deadline
        conn.SetReadDeadline(Deadline.None);
        await Task.Delay(200); // past that deadline
        t.CheckExtra("read.deadline.change/4", "still_parked_at_150ms", !read.IsCompleted);
        _ = await Scenario.Write(peer, 3);
        t.Check("read.deadline.change/4", await read);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.change/5-6")]
    public Task A_past_deadline_replaced_at_once_loses_no_byte(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("read.deadline.change/5", "200 times the byte or a time-out, lost=0");
        _ = t.Saw("read.deadline.change/6", "200 times the byte or a time-out, lost=0");
        (Conn conn, Conn peer) = await t.Pair();
        for (int i = 0; i < 200; i++)
        {
            ValueTask<IoResult> read = Scenario.Read(conn);
            conn.SetReadDeadline(Deadline.Past);
            conn.SetReadDeadline(Timing.In(1000));
            _ = await Scenario.Write(peer, 1);
            IoResult result = await read;
            if (result.Error is not null)
            {
                Assert.True(result.Error.Timeout);
                result = await Scenario.Read(conn);
            }

            Assert.Equal(new IoResult(1, null), result);
        }
    });
}
