using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Read;

public sealed class ReadDeadlineTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.past/1-6")]
    public Task A_past_deadline_hides_data_but_does_not_lose_it(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        _ = await Scenario.Write(peer);
        await KernelView.Of(conn).UntilAvailable(5);
        t.Check("read.deadline.past/1", () => conn.SetReadDeadline(Deadline.At(DateTimeOffset.UnixEpoch)));
        t.Check("read.deadline.past/2", await Scenario.Read(conn));
        t.Check("read.deadline.past/3", await Scenario.Read(conn));
        conn.SetReadDeadline(Deadline.None);
        t.Check("read.deadline.past/4", await Scenario.Read(conn));
        conn.SetReadDeadline(Deadline.At(DateTimeOffset.UtcNow));
        t.Check("read.deadline.past/5", await Scenario.Read(conn));
        conn.SetReadDeadline(Deadline.After(TimeSpan.FromTicks(-1)));
        t.Check("read.deadline.past/6", await Scenario.Read(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.past/7-8")]
    public Task A_read_ends_at_its_deadline_or_with_earlier_data(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetReadDeadline(Timing.In(100));
        t.Check("read.deadline.past/7", await Scenario.Read(conn));
        t.About(watch, 100);

        conn.SetReadDeadline(Timing.In(5000));
        ValueTask<IoResult> read = Scenario.Read(conn);
        Assert.False(read.IsCompleted);
        _ = await Scenario.Write(peer, 4);
        t.Check("read.deadline.past/8", await read);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.absolute/1", "read.readfull.timeout/1")]
    public Task A_deadline_is_a_moment_not_an_idle_limit(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetReadDeadline(Timing.In(110));
        Task drip = Task.Run(async () =>
        {
            while ((await Scenario.Write(peer, 1)).Error is null)
            {
                await Task.Delay(20); // often enough to keep an idle limit from passing
            }
        });
        t.Check("read.deadline.absolute/1", await Scenario.ReadUpTo(conn, 100), Counts.Some);
        t.About(watch, 110);
        peer.Close();
        await drip;

        (conn, peer) = await t.Pair();
        _ = await Scenario.Write(peer);
        await KernelView.Of(conn).UntilAvailable(5);
        Task<IoResult> full = Scenario.ReadUpTo(conn, 10);
        watch.Restart();
        conn.SetReadDeadline(Timing.In(50));
        t.Check("read.readfull.timeout/1", await full);
        t.About(watch, 50);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.precision/1-3")]
    public Task A_deadline_is_never_early(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        foreach ((string id, int milliseconds) in new[]
        {
            ("read.deadline.precision/1", 1), ("read.deadline.precision/2", 5), ("read.deadline.precision/3", 20),
        })
        {
            _ = t.Saw(id, "early=0");
            for (int i = 0; i < 40; i++)
            {
                Stopwatch watch = Stopwatch.StartNew();
                conn.SetReadDeadline(Timing.In(milliseconds));
                Assert.True((await Scenario.Read(conn)).Error!.Timeout);
                t.About(watch, milliseconds);
            }
        }
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.deadline.10us/1-5")]
    public Task A_tiny_deadline_gives_all_data_or_a_time_out_and_loses_none(BackendKind backend) => RunBoth(backend, async t =>
    {
        foreach (string id in GoCases.Expand("read.deadline.10us/1-3"))
        {
            _ = t.Saw(id, "200 times all the data or a time-out, after which it is still there");
        }

        _ = t.Saw("read.deadline.10us/4", "200 time-outs");
        _ = t.Saw("read.deadline.10us/5", "200 time-outs");

        (Conn conn, Conn peer) = await t.Pair();
        await CheckTiny(conn, peer, () => Task.CompletedTask, mustTimeOut: false);
        await CheckTiny(conn, peer, async () => await Task.Yield(), mustTimeOut: false);
        await CheckTiny(conn, peer, Spin, mustTimeOut: false);
        await CheckTiny(conn, peer, () => PastDeadline(conn), mustTimeOut: true);
        for (int i = 0; i < 200; i++)
        {
            conn.SetReadDeadline(TinyDeadline());
            Assert.True((await Scenario.Read(conn)).Error!.Timeout);
        }
    });

    private static Deadline TinyDeadline() => Deadline.After(TimeSpan.FromMicroseconds(10));

    // On its loop a deadline is judged by the clock that the loop reads once a tick, and a tick may be held up for long.
    private static async Task PastDeadline(Conn conn)
    {
        Deadline later = Deadline.After(TimeSpan.FromMilliseconds(1));
        do
        {
            await Task.Delay(2);
        }
        while (conn.Loop.IsCurrent && conn.Loop.Core.Now < later.Nanoseconds);
    }

    private static Task Spin()
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromMicroseconds(20))
        {
            Thread.SpinWait(10);
        }

        return Task.CompletedTask;
    }

    // Go times a read out only when the timer has been run; here the clock decides. Both are legal, losing bytes is not.
    private static async Task CheckTiny(Conn conn, Conn peer, Func<Task> pause, bool mustTimeOut)
    {
        KernelView view = KernelView.Of(conn);
        for (int i = 0; i < 200; i++)
        {
            _ = await Scenario.Write(peer, 64);
            await view.UntilAvailable(64);
            conn.SetReadDeadline(TinyDeadline());
            await pause();
            IoResult result = await Scenario.Read(conn);
            if (mustTimeOut)
            {
                Assert.NotNull(result.Error);
            }

            if (result.Error is not null)
            {
                Assert.True(result.Error.Timeout);
                Assert.Equal(0, result.Count);
                conn.SetReadDeadline(Deadline.None);
                result = await Scenario.Read(conn);
            }

            Assert.Equal(new IoResult(64, null), result);
        }
    }
}
