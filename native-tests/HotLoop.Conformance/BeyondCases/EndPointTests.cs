using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>.NET's end points in place of texts.</summary>
public sealed class EndPointTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task Each_kind_listens_and_dials(BackendKind backend) => RunBoth(backend, async t =>
    {
        EndPoint[] places =
        [
            new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.IPv6Loopback, 0), new DnsEndPoint("localhost", 0),
            new DnsEndPoint("127.0.0.1", 0), new DnsEndPoint("[::1]", 0), new UnixDomainSocketEndPoint(t.PathOf("DIR/a")),
            new UnixDomainSocketEndPoint("\0" + t.AbstractName("b")),
        ];
        ListenConfig config = new() { Loops = t.Loops };
        foreach (EndPoint place in places)
        {
            await Reaches(t, t.Own(config.Listen(place)));
            await Reaches(t, t.Own(await config.ListenAsync(place)));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Datagrams_go_between_them(BackendKind backend) => RunBoth(backend, async t =>
    {
        ListenConfig config = new() { Loops = t.Loops };
        foreach (EndPoint place in new EndPoint[]
        {
            new IPEndPoint(IPAddress.Loopback, 0), new DnsEndPoint("localhost", 0, AddressFamily.InterNetwork),
            new UnixDomainSocketEndPoint(t.PathOf("DIR/a")),
        })
        {
            PacketConn receiver = t.Own(config.ListenPacket(place));
            PacketConn sender = t.Own(await t.Dialer().DialPacketAsync(receiver.LocalAddress.ToEndPoint()));
            await sender.WriteAsync(new byte[3]);
            Assert.Equal(3, (await Scenario.ReadFrom(receiver)).Count);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_wildcard_is_that_of_its_family(BackendKind backend) => RunBoth(backend, async t =>
    {
        ListenConfig config = new() { Loops = t.Loops };
        Listener v4 = t.Own(config.Listen(new IPEndPoint(IPAddress.Any, 0)));
        Assert.Equal("0.0.0.0", v4.Address.Ip?.ToString());
        Listener mapped = t.Own(config.Listen(new IPEndPoint(IPAddress.Any.MapToIPv6(), 0)));
        Assert.Equal("0.0.0.0", mapped.Address.Ip?.ToString());
        (await t.Dialer().DialAsync(new IPEndPoint(IPAddress.Loopback, v4.Address.Port))).Dispose();

        Listener both = t.Own(config.Listen(new IPEndPoint(IPAddress.IPv6Any, 0)));
        (await t.Dialer().DialAsync(new IPEndPoint(IPAddress.Loopback, both.Address.Port))).Dispose();
        (await t.Dialer().DialAsync(new IPEndPoint(IPAddress.IPv6Loopback, both.Address.Port))).Dispose();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_host_s_family_is_the_network_s(BackendKind backend) => RunBoth(backend, async t =>
    {
        int port = t.RefusingPort();
        Dialer dialer = new()
        {
            Loops = t.Loops,
            Resolver = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]),
        };
        async Task Fails(string message, AddressFamily family) => Assert.Equal(
            message, (await Assert.ThrowsAsync<OpError>(() => dialer.DialAsync(new DnsEndPoint("name.test", port, family)))).Message);

        await Fails($"dial tcp4 127.0.0.1:{port}: connect: connection refused", AddressFamily.InterNetwork);
        await Fails($"dial tcp6 [::1]:{port}: connect: connection refused", AddressFamily.InterNetworkV6);
        await Fails($"dial tcp [::1]:{port}: connect: connection refused", AddressFamily.Unspecified);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_file_named_with_an_at_sign_is_no_abstract_name(BackendKind backend) => RunBoth(backend, async t =>
    {
        string own = t.AbstractName("@e");
        Listener listener = t.Listen("unix", own);
        (await t.Dialer().DialAsync(new UnixDomainSocketEndPoint("\0" + own[1..]))).Dispose();
        Assert.Equal(
            $"dial unix ./{own}: connect: no such file or directory",
            (await Assert.ThrowsAsync<OpError>(() => t.Dialer().DialAsync(new UnixDomainSocketEndPoint(own)))).Message);
        Assert.Equal(listener.Address, new NetAddress("unix", own));
    });

    [Fact]
    public async Task Others_are_refused_by_their_type()
    {
        EndPoint other = new OtherEndPoint();
        Func<object?>[] calls =
        [
            () => Net.DialAsync(other), () => Net.DialPacketAsync(other), () => Net.Listen(other), () => Net.ListenPacket(other),
            () => new ListenConfig().ListenAsync(other), () => Server.Listen(other, _ => Task.CompletedTask),
        ];
        Assert.All(calls, c => Assert.Contains(nameof(OtherEndPoint), Assert.Throws<ArgumentException>("endPoint", c).Message, StringComparison.Ordinal));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Net.DialAsync(null!));
    }

    [Theory, ClassData(typeof(Backends))]
    public Task A_server_listens_there(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        await using Server server = Server.Listen(
            new IPEndPoint(IPAddress.Loopback, 0), async c => await c.WriteAsync(new byte[2]), new ServerOptions { Loops = t.Loops });
        using Conn conn = await t.Dialer().DialAsync(server.Address.ToEndPoint());
        Assert.Equal(2, (await Scenario.ReadUpTo(conn, 2)).Count);
    });

    private static async Task Reaches(Scenario t, Listener listener)
    {
        using Conn conn = await t.Dialer().DialAsync(listener.Address.ToEndPoint());
        using Conn peer = await t.Accept(listener);
        Assert.Equal(listener.Address, conn.RemoteAddress);
        listener.Close();
    }

    private sealed class OtherEndPoint : EndPoint;
}
