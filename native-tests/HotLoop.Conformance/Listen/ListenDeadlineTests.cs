using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Listen;

public sealed class ListenDeadlineTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.deadline/1-4")]
    public Task A_past_deadline_hides_a_waiting_connection(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        t.Check("listen.deadline/1", () => listener.SetDeadline(Deadline.At(DateTimeOffset.UnixEpoch)));
        t.Check("listen.deadline/2", await listener.TryAcceptAsync());
        _ = await t.Dial(listener);
        t.Check("listen.deadline/3", await listener.TryAcceptAsync());
        listener.SetDeadline(Deadline.None);
        Assert.NotNull(t.Check("listen.deadline/4", await listener.TryAcceptAsync()));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.deadline/5-7")]
    public Task A_deadline_is_sticky_until_it_is_set_again(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        Stopwatch watch = Stopwatch.StartNew();
        listener.SetDeadline(Timing.In(50));
        t.Check("listen.deadline/5", await listener.TryAcceptAsync());
        t.About(watch, 50);

        watch.Restart();
        t.Check("listen.deadline/6", await listener.TryAcceptAsync());
        Timing.AtOnce(watch);

        watch.Restart();
        listener.SetDeadline(Timing.In(100));
        t.Check("listen.deadline/7", await listener.TryAcceptAsync());
        t.About(watch, 100);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.deadline/8-9")]
    public Task A_deadline_acts_on_an_accept_that_waits(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        ValueTask<AcceptResult> accept = listener.TryAcceptAsync();
        Assert.False(accept.IsCompleted);
        Stopwatch watch = Stopwatch.StartNew();
        listener.SetDeadline(Deadline.Past);
        t.Check("listen.deadline/8", await accept);
        Timing.AtOnce(watch);

        listener.SetDeadline(Timing.In(150));
        accept = listener.TryAcceptAsync();
        listener.SetDeadline(Deadline.None);
        await Task.Delay(200); // past the old deadline
        t.CheckExtra("listen.deadline/9", "still_parked_after_old_deadline", !accept.IsCompleted);
        _ = await t.Dial(listener);
        Assert.NotNull(t.Check("listen.deadline/9", await accept));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.deadline/10-11")]
    public Task A_deadline_covers_the_time_in_line(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        Stopwatch watch = Stopwatch.StartNew();
        listener.SetDeadline(Timing.In(50));
        ValueTask<AcceptResult> first = listener.TryAcceptAsync();
        ValueTask<AcceptResult> second = listener.TryAcceptAsync();
        t.Check("listen.deadline/10", await first);
        t.About(watch, 50);
        t.Check("listen.deadline/11", await second);
        t.About(watch, 50);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.deadline/12")]
    public Task A_Unix_listener_has_deadlines_too(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.ListenUnix("DIR/ld.sock");
        Stopwatch watch = Stopwatch.StartNew();
        listener.SetDeadline(Timing.In(50));
        t.Check("listen.deadline/12", await listener.TryAcceptAsync());
        t.About(watch, 50);
    });
}
