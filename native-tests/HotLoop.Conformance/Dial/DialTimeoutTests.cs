using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Dial;

public sealed class DialTimeoutTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(100);

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.timeout.backlog/1-2", "dial.timeout.backlog/4", "dial.ctx/1")]
    public Task A_connect_to_a_full_queue_ends_at_its_time_out(BackendKind backend) => RunBoth(backend, async t =>
    {
        string address = (await t.FullListener()).Address.ToString();
        Stopwatch watch = Stopwatch.StartNew();
        await t.Check("dial.timeout.backlog/1", t.Dialer(s_short).DialAsync("tcp", address));
        t.About(watch, 100);

        watch.Restart();
        await t.Check("dial.timeout.backlog/2", t.Dialer(s_short).DialAsync("tcp", address));
        t.About(watch, 100);

        watch.Restart();
        await t.Check("dial.timeout.backlog/4", t.Dialer(deadline: Timing.In(100)).DialAsync("tcp", address));
        t.About(watch, 100);

        // A context with a time-out is a deadline: cancellation tokens have none of their own.
        watch.Restart();
        await t.Check("dial.ctx/1", t.Dialer(deadline: Timing.In(100)).DialAsync("tcp", address));
        t.About(watch, 100);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.timeout.backlog/3")]
    public Task Forty_dials_at_once_all_time_out(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("dial.timeout.backlog/3", "40 of the same kind, DeadlineExceeded");
        string address = (await t.FullListener()).Address.ToString();
        Task<OpError>[] dials = [.. Enumerable.Range(0, 40).Select(_ => Assert.ThrowsAsync<OpError>(
            () => t.Dialer(TimeSpan.FromMilliseconds(20)).DialAsync("tcp", address)))];
        Assert.All(await Task.WhenAll(dials), e => Assert.Equal(OpErrorKind.DeadlineExceeded, e.Kind));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.deadline.past/1-5", "dial.deadline.past/8", "dial.ctx/6")]
    public Task A_dial_whose_time_is_over_does_not_begin(BackendKind backend) => RunBoth(backend, async t =>
    {
        string open = t.Listen().Address.ToString();
        string refusing = $"127.0.0.1:{t.RefusingPort()}";
        await t.Check("dial.deadline.past/1", t.Dialer(deadline: Deadline.Past).DialAsync("tcp", open));
        await t.Check("dial.deadline.past/2", t.Dialer(deadline: Deadline.Past).DialAsync("tcp", refusing));
        await t.Check("dial.deadline.past/3", t.Dialer(TimeSpan.FromTicks(-1)).DialAsync("tcp", open));
        await t.Check("dial.deadline.past/4", t.Dialer(TimeSpan.MinValue).DialAsync("tcp", open));
        await t.Check("dial.deadline.past/5", t.Dialer(TimeSpan.FromTicks(1)).DialAsync("tcp", open));
        await t.Check("dial.deadline.past/8", t.Dialer(TimeSpan.FromHours(1), Deadline.Past).DialAsync("tcp", open));
        await t.Check("dial.ctx/6", t.Dialer(deadline: Deadline.At(DateTimeOffset.UnixEpoch)).DialAsync("tcp", open));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.deadline.past/6-7")]
    public Task No_time_out_and_an_endless_one_are_the_same(BackendKind backend) => RunBoth(backend, async t =>
    {
        // Go's zero is null here.
        string open = t.Listen().Address.ToString();
        await t.Check("dial.deadline.past/6", t.Dialer(timeout: null).DialAsync("tcp", open));
        await t.Check("dial.deadline.past/7", t.Dialer(TimeSpan.MaxValue).DialAsync("tcp", open));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.timeout.residue/1-3")]
    public Task Times_of_dials_and_listeners_do_not_stay_with_connections(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        listener.SetDeadline(Timing.In(300));
        Conn conn = t.Own(await t.Dialer(TimeSpan.FromMilliseconds(300)).DialAsync("tcp", listener.Address.ToString()));
        Conn peer = await t.Accept(listener);
        await Task.Delay(350); // past both

        t.Check("dial.timeout.residue/1", await Scenario.Write(conn, 1));
        t.Check("dial.timeout.residue/2", await Scenario.Read(peer));
        _ = await Scenario.Write(conn, 1);
        t.Check("dial.timeout.residue/3", await Scenario.Read(peer));
    });
}
