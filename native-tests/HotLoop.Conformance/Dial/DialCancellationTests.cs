using HotLoop.TestKit;

namespace HotLoop.Conformance.Dial;

public sealed class DialCancellationTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private static readonly CancellationToken s_canceled = new(canceled: true);

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.ctx/2", "dial.ctx/7")]
    public Task A_waiting_connect_ends_when_it_is_canceled(BackendKind backend) => RunBoth(backend, async t =>
    {
        string address = (await t.FullListener()).Address.ToString();
        foreach (string id in new[] { "dial.ctx/2", "dial.ctx/7" })
        {
            using CancellationTokenSource source = new();
            Task<Conn> dial = t.Dialer().DialAsync("tcp", address, source.Token);
            Assert.False(dial.IsCompleted);
            await source.CancelAsync();
            await t.Check(id, dial);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.ctx/3-5", "dial.ctx/9")]
    public Task A_canceled_dial_does_not_begin(BackendKind backend) => RunBoth(backend, async t =>
    {
        await t.Check("dial.ctx/3", t.Dialer().DialAsync("tcp", $"127.0.0.1:{t.RefusingPort()}", s_canceled));
        await t.Check("dial.ctx/4", t.Dialer().DialAsync("tcp", t.Listen().Address.ToString(), s_canceled));
        await t.Check("dial.ctx/5", t.Dialer().DialAsync("tcp", "nosuchname.invalid:80", s_canceled));
        await t.Check("dial.ctx/9", t.Dialer().DialAsync("unix", t.PathOf("DIR/none.sock"), s_canceled));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.ctx/8")]
    public Task Cancellation_after_the_dial_does_nothing_to_the_connection(BackendKind backend) => RunBoth(backend, async t =>
    {
        using CancellationTokenSource source = new();
        Conn conn = t.Own(await t.Dialer().DialAsync("tcp", t.Listen().Address.ToString(), source.Token));
        await source.CancelAsync();
        t.Check("dial.ctx/8", await Scenario.Write(conn, 1));
    });
}
