using HotLoop.TestKit;

namespace HotLoop.Conformance.Listen;

public sealed class ListenInUseTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.inuse/1-6")]
    public Task A_port_is_taken_per_address_and_family(BackendKind backend) => RunBoth(backend, t =>
    {
        Listener first = t.Listen();
        int port = first.Address.Port;
        t.Check("listen.inuse/1", () => t.Listen("tcp", $"127.0.0.1:{port}"));
        t.Check("listen.inuse/2", () => t.Listen("tcp", $":{port}"));
        t.Check("listen.inuse/3", () => t.Listen("tcp4", $":{port}"));
        Check(t, "listen.inuse/4", "tcp6", $":{port}");
        Check(t, "listen.inuse/5", "tcp", $"127.0.0.2:{port}");
        first.Close();
        Check(t, "listen.inuse/6", "tcp", $"127.0.0.1:{port}");
        return Task.CompletedTask;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.inuse/7-9")]
    public Task A_dual_stack_listener_takes_the_port_of_both_families(BackendKind backend) => RunBoth(backend, t =>
    {
        int dual = t.Listen("tcp", ":0").Address.Port;
        t.Check("listen.inuse/7", () => t.Listen("tcp", $"127.0.0.1:{dual}"));
        t.Check("listen.inuse/8", () => t.Listen("tcp6", $"[::1]:{dual}"));
        Check(t, "listen.inuse/9", "tcp6", $":{t.Listen("tcp4", ":0").Address.Port}");
        return Task.CompletedTask;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.inuse/10")]
    public Task Connections_in_TIME_WAIT_do_not_hold_a_listener_s_port(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener first = t.Listen();
        Conn conn = await t.Dial(first);
        Conn accepted = await t.Accept(first);
        accepted.Close();
        Assert.Equal(0, (await Scenario.Read(conn)).Count);
        conn.Close();
        first.Close();
        Check(t, "listen.inuse/10", "tcp", first.Address.ToString());
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.inuse/11-13")]
    public Task Connections_outlive_their_listener(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener first = t.Listen();
        Conn conn = await t.Dial(first);
        Conn accepted = await t.Accept(first);
        first.Close();
        Check(t, "listen.inuse/11", "tcp", first.Address.ToString());
        t.Check("listen.inuse/12", await Scenario.Write(conn, 2));
        t.Check("listen.inuse/13", await Scenario.Read(accepted));
    });

    private static void Check(Scenario t, string id, string network, string address)
    {
        Listener? listener = null;
        t.Check(id, () => listener = t.Listen(network, address));
        t.CheckExtra(id, "addr", listener!.Address);
        t.CheckExtra(id, "network", listener.Address.Network);
        t.CheckOptions(id, KernelView.Of(listener));
    }
}
