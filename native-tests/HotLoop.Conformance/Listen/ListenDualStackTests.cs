using HotLoop.TestKit;

namespace HotLoop.Conformance.Listen;

public sealed class ListenDualStackTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.dual/1-7")]
    public Task Wildcards_of_tcp_serve_both_families(BackendKind backend) => RunBoth(backend, async t =>
    {
        await Check(t, "listen.dual/1", t.Listen("tcp", ":0"), "127.0.0.1");
        await Check(t, "listen.dual/2", t.Listen("tcp", ":0"), "[::1]");
        await Check(t, "listen.dual/3", t.Listen("tcp", "0.0.0.0:0"), "[::1]");
        await Check(t, "listen.dual/4", t.Listen("tcp4", ":0"), "127.0.0.1");
        await Check(t, "listen.dual/5", t.Listen("tcp4", ":0"), "[::1]");
        await Check(t, "listen.dual/6", t.Listen("tcp6", ":0"), "127.0.0.1");
        await Check(t, "listen.dual/7", t.Listen("tcp6", ":0"), "[::1]");
    });

    private static async Task Check(Scenario t, string id, Listener listener, string host)
    {
        Conn? conn = await t.Check(id, t.Dial($"{host}:{listener.Address.Port}"));
        if (conn is not null)
        {
            Conn accepted = await t.Accept(listener);
            t.CheckExtra(id, "client_local", conn.LocalAddress);
            t.CheckExtra(id, "client_remote", conn.RemoteAddress);
            t.CheckExtra(id, "accepted_local", accepted.LocalAddress);
            t.CheckExtra(id, "accepted_remote", accepted.RemoteAddress);
        }
    }
}
