using System.Net;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Dial;

public sealed class DialLocalAddressTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.localaddr/1-2")]
    public Task A_connection_begins_where_it_is_told_to(BackendKind backend) => RunBoth(backend, async t =>
    {
        string address = t.Listen().Address.ToString();
        await t.Check("dial.localaddr/1", t.Dialer(local: At("127.0.0.2", 0)).DialAsync("tcp", address));

        int port = Scenario.FreePort();
        Conn? conn = await t.Check("dial.localaddr/2", t.Dialer(local: At("127.0.0.1", port)).DialAsync("tcp", address));
        Assert.Equal(port, conn!.LocalAddress.Port);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.localaddr/3-5", "dial.localaddr/7")]
    public Task Errors_show_the_local_address_that_was_asked_for(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        string address = listener.Address.ToString();
        await t.Check("dial.localaddr/3", t.Dialer(local: listener.Address).DialAsync("tcp", address));
        await t.Check("dial.localaddr/4", t.Dialer(local: At("203.0.113.1", 0)).DialAsync("tcp", address));

        int port = t.RefusingPort();
        await t.Check("dial.localaddr/5", t.Dialer(local: At("127.0.0.1", 0)).DialAsync("tcp", $"[::1]:{port}"));
        await t.Check("dial.localaddr/7", t.Dialer(local: At("127.0.0.2", 0)).DialAsync("tcp", $"127.0.0.1:{port}"));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.localaddr/6")]
    public Task A_local_address_of_another_network_is_refused(BackendKind backend) => RunBoth(backend, async t =>
    {
        NetAddress udp = new("udp", IPAddress.Loopback, 0);
        await t.Check("dial.localaddr/6", t.Dialer(local: udp).DialAsync("tcp", t.Listen().Address.ToString()));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.localport.timewait/1")]
    public Task A_local_port_in_TIME_WAIT_is_taken(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        Conn conn = await t.Dial(listener);
        Conn peer = await t.Accept(listener);
        NetAddress local = conn.LocalAddress;

        // Who closes first keeps the port.
        conn.Close();
        Assert.Equal(0, (await Scenario.Read(peer)).Count);
        peer.Close();

        await t.Check("dial.localport.timewait/1", t.Dialer(local: local).DialAsync("tcp", listener.Address.ToString()));
    });

    // Go's DialTCP; what it refuses, a dialer is asked for.
    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.localaddr/8-9")]
    public Task An_address_is_needed_and_a_network_of_connections(BackendKind backend) => RunBoth(backend, async t =>
    {
        await t.Check("dial.localaddr/8", t.Dialer().DialAsync("tcp", ""));
        await t.Check("dial.localaddr/9", t.Dialer().DialAsync("udp", ":0"));
    });

    private static NetAddress At(string ip, int port) => new("tcp", IPAddress.Parse(ip), port);
}
