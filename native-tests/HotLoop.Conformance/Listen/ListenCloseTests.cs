using HotLoop.TestKit;

namespace HotLoop.Conformance.Listen;

public sealed class ListenCloseTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.close/1-10")]
    public Task Close_ends_a_waiting_accept_and_every_later_call(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        ValueTask<AcceptResult> accept = listener.TryAcceptAsync();
        Assert.False(accept.IsCompleted);
        t.Check("listen.close/1", listener.Close);
        t.Check("listen.close/2", await accept);
        t.Check("listen.close/3", await listener.TryAcceptAsync());
        t.Check("listen.close/4", listener.Close);
        t.Check("listen.close/5", () => listener.SetDeadline(Deadline.None));
        t.Check("listen.close/6", () => listener.DuplicateHandle().Dispose());
        RawConn? raw = null;
        t.Check("listen.close/7", () => raw = listener.SyscallConn());
        t.Check("listen.close/8", () => raw!.Control(_ => { }));
        t.CheckExtra("listen.close/9", "addr", listener.Address);
        await t.Check("listen.close/10", t.Dial(listener));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.close/11")]
    public Task Close_ends_accepts_that_wait_in_line_too(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        ValueTask<AcceptResult>[] accepts = [listener.TryAcceptAsync(), listener.TryAcceptAsync(), listener.TryAcceptAsync()];
        Assert.All(accepts, a => Assert.False(a.IsCompleted));
        listener.Close();
        foreach (ValueTask<AcceptResult> accept in accepts)
        {
            t.Check("listen.close/11", await accept);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.close.pending/1-3")]
    public Task Connections_not_yet_accepted_are_reset(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        Conn conn = await t.Dial(listener);
        listener.Close();
        t.Check("listen.close.pending/1", await Scenario.Read(conn));
        t.Check("listen.close.pending/2", await Scenario.Read(conn));
        t.Check("listen.close.pending/3", await Scenario.Write(conn));
    });
}
