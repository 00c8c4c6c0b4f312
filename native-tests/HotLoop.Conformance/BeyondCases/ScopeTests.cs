using System.Net;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>A link-local address by its zone and by its scope is one address.</summary>
public sealed class ScopeTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [LinkLocalTheory, ClassData(typeof(Backends))]
    public Task Zone_and_scope_reach_the_same_socket(BackendKind backend) => RunBoth(backend, async t =>
    {
        (IPAddress ip, string zone) = LinkLocalTheoryAttribute.Address;
        NetAddress local = new("tcp", ip, 0);
        Assert.Equal(zone, local.Zone);
        Listener listener = t.Listen(address: local.ToString());
        Assert.Equal(new NetAddress("tcp", ip, listener.Address.Port), listener.Address);

        using Conn byText = await t.Dialer(local: local).DialAsync("tcp", listener.Address.ToString());
        using Conn byEndPoint = await t.Dialer(local: local).DialAsync(listener.Address.ToEndPoint());
        using Conn byNumber = await t.Dial($"[{new IPAddress(ip.GetAddressBytes())}%{ip.ScopeId}]:{listener.Address.Port}");
        foreach (Conn conn in new[] { byText, byEndPoint, byNumber })
        {
            Assert.Equal(listener.Address, conn.RemoteAddress);
            Assert.Equal(new NetAddress("tcp", ip, conn.LocalAddress.Port), conn.LocalAddress);
            using Conn peer = await t.Accept(listener);
            Assert.Equal(conn.LocalAddress, peer.RemoteAddress);
        }
    });

    [LinkLocalTheory, ClassData(typeof(Backends))]
    public Task Datagrams_come_and_go(BackendKind backend) => RunBoth(backend, async t =>
    {
        (IPAddress ip, _) = LinkLocalTheoryAttribute.Address;
        PacketConn first = t.ListenPacket("udp", new NetAddress("udp", ip, 0).ToString());
        PacketConn second = t.ListenPacket("udp6", "[::]:0");
        Assert.Null((await second.TryWriteToAsync(new byte[1], first.LocalAddress)).Error);
        PacketResult got = await Scenario.ReadFrom(first);
        Assert.Equal(new NetAddress("udp", ip, second.LocalAddress.Port), got.From);
        Assert.Null((await first.TryWriteToAsync(new byte[2], got.From!)).Error);
        Assert.Equal(new PacketResult(2, first.LocalAddress, null), await Scenario.ReadFrom(second));
    });
}
