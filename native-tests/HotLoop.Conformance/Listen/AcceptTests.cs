using HotLoop.TestKit;

namespace HotLoop.Conformance.Listen;

public sealed class AcceptTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.accepted.options/1-3")]
    public Task Accepted_connections_have_the_listener_s_keep_alive(BackendKind backend) => RunBoth(backend, async t =>
    {
        await CheckOptions(t, "listen.accepted.options/1", TimeSpan.Zero);
        await CheckOptions(t, "listen.accepted.options/2", TimeSpan.FromTicks(-1));
        await CheckOptions(t, "listen.accepted.options/3", TimeSpan.FromSeconds(5));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.accept.rst/1-6")]
    public Task A_connection_that_ended_in_the_queue_is_still_accepted(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        Scenario.Reset(await t.Dial(listener));
        Conn? reset = t.Check("listen.accept.rst/1", await listener.TryAcceptAsync());
        t.Check("listen.accept.rst/2", await Scenario.Read(reset!));
        t.CheckExtra("listen.accept.rst/3", "remote", reset!.RemoteAddress);

        Conn client = await t.Dial(listener);
        _ = await Scenario.Write(client, 3);
        client.Close();
        Conn? ended = t.Check("listen.accept.rst/4", await listener.TryAcceptAsync());
        t.Check("listen.accept.rst/5", await Scenario.Read(ended!));
        t.Check("listen.accept.rst/6", await Scenario.Read(ended!));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.concurrent.accept/1")]
    public Task Accepts_are_served_in_order_of_arrival(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("listen.concurrent.accept/1", "order=[0, 1, 2, 3, 4]");
        Listener listener = t.Listen();
        ValueTask<AcceptResult>[] accepts = [.. Enumerable.Range(0, 5).Select(_ => listener.TryAcceptAsync())];
        for (int i = 0; i < accepts.Length; i++)
        {
            Assert.All(accepts[i..], a => Assert.False(a.IsCompleted));
            Conn client = await t.Dial(listener);
            Conn accepted = t.Own((await accepts[i]).Conn!);
            Assert.Equal(client.LocalAddress, accepted.RemoteAddress);
        }
    });

    private static async Task CheckOptions(Scenario t, string id, TimeSpan keepAlive)
    {
        Listener listener = t.Own(new ListenConfig { Loops = t.Loops, KeepAlive = keepAlive }.Listen("tcp", "127.0.0.1:0"));
        _ = await t.Dial(listener);
        Conn accepted = await t.Accept(listener);
        t.CheckOptions(id, KernelView.Of(accepted));

        KernelView view = KernelView.Of(listener);
        t.CheckExtra(id, "listener_SO_KEEPALIVE", view.Option("SO_KEEPALIVE"));
        t.CheckExtra(id, "listener_SO_REUSEADDR", view.Option("SO_REUSEADDR"));
        t.CheckExtra(id, "listener_SO_REUSEPORT", view.Option("SO_REUSEPORT"));
    }
}
