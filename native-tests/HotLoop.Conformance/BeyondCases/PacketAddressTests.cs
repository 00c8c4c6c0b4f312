using System.Net;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Whom datagrams come from and where they may go. The error texts are Go's.</summary>
public sealed class PacketAddressTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task A_datagram_can_be_answered(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn path = t.ListenPacket("unixgram", t.PathOf("DIR/a"));
        await Exchange(path, t.ListenPacket("unixgram", t.AbstractName("@b")));
        await Exchange(path, await t.DialPacket(t.PathOf("DIR/a"), "unixgram", new NetAddress("unixgram", t.PathOf("DIR/c"))));
        await Exchange(t.ListenPacket("unixgram", ""), path);
        await Exchange(t.ListenPacket(), t.ListenPacket());
        await Exchange(t.ListenPacket("udp6", "[::1]:0"), t.ListenPacket("udp", "[::1]:0"));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_socket_of_both_families_shows_IPv4_as_such(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn both = t.ListenPacket("udp", ":0");
        PacketConn v4 = t.ListenPacket();
        await v4.WriteToAsync(new byte[1], new NetAddress("udp", IPAddress.Loopback, both.LocalAddress.Port));
        Assert.Equal(v4.LocalAddress, (await both.ReadFromAsync(new byte[8])).From);
        await both.WriteToAsync(new byte[2], v4.LocalAddress);
        NetAddress from = (await v4.ReadFromAsync(new byte[8])).From!;
        Assert.Equal($"127.0.0.1:{both.LocalAddress.Port}", from.ToString());
        await both.WriteToAsync(new byte[3], new NetAddress("udp", IPAddress.Parse("::ffff:127.0.0.1"), v4.LocalAddress.Port));
        Assert.Equal(3, (await v4.ReadFromAsync(new byte[8])).Count);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Senders_may_change_from_one_datagram_to_the_next(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn receiver = t.ListenPacket("unixgram", t.PathOf("DIR/r"));
        PacketConn unnamed = await t.DialPacket(t.PathOf("DIR/r"), "unixgram");
        PacketConn named = t.ListenPacket("unixgram", t.PathOf("DIR/n"));
        for (int i = 0; i < 3; i++)
        {
            await unnamed.WriteAsync(new byte[1]);
            Assert.Equal(new PacketResult(1, null, null), await Scenario.ReadFrom(receiver));
            await named.WriteToAsync(new byte[2], receiver.LocalAddress);
            Assert.Equal(new PacketResult(2, named.LocalAddress, null), await Scenario.ReadFrom(receiver));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task An_address_of_another_network_is_refused(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn udp = t.ListenPacket();
        NetAddress path = new("unixgram", t.PathOf("DIR/u"));
        PacketConn unix = t.ListenPacket("unixgram", path.Path!);
        async Task Refused(PacketConn conn, NetAddress to, string cause) => Assert.Equal(
            $"write {conn.LocalAddress.Network} {conn.LocalAddress}->{to}: {cause}",
            (await conn.TryWriteToAsync(new byte[1], to)).Error?.Message);

        await Refused(udp, new NetAddress("tcp", IPAddress.Loopback, 9), "invalid argument");
        await Refused(udp, path, "invalid argument");
        await Refused(udp, new NetAddress("udp", IPAddress.IPv6Loopback, 9), "address ::1: non-IPv4 address");
        await Refused(unix, udp.LocalAddress, "invalid argument");
        await Refused(unix, new NetAddress("unix", path.Path!), "address family not supported by protocol");
        await Refused(unix, new NetAddress("unixgram", t.PathOf("DIR/none")), "sendto: no such file or directory");
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_large_datagram_is_cut_also_without_a_buffer(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn receiver = t.ListenPacket("unixgram", t.PathOf("DIR/r"));
        PacketConn sender = await t.DialPacket(t.PathOf("DIR/r"), "unixgram");
        foreach (int size in new[] { 0, 1, 100, 101 })
        {
            await sender.WriteAsync(new byte[100]);
            Assert.Equal(Math.Min(size, 100), (await Scenario.ReadFrom(receiver, size)).Count);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task ReadFromAsync_throws_what_TryReadFromAsync_returns(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = t.ListenPacket();
        ValueTask<PacketResult> parked = conn.ReadFromAsync(new byte[1]);
        Task<PacketResult> inLine = conn.ReadFromAsync(new byte[1]).AsTask();
        conn.SetReadDeadline(Deadline.Past);
        OpError[] errors =
        [
            await Assert.ThrowsAsync<OpError>(async () => await parked),
            await Assert.ThrowsAsync<OpError>(() => inLine),
            await Assert.ThrowsAsync<OpError>(async () => await conn.ReadFromAsync(new byte[1])),
            (await Scenario.ReadFrom(conn)).Error!,
        ];
        Assert.All(errors, e => Assert.Equal(errors[0].Message, e.Message));

        conn.SetReadDeadline(Deadline.None);
        await conn.WriteToAsync(new byte[1], conn.LocalAddress);
        Assert.Equal(new PacketResult(1, conn.LocalAddress, null), await conn.ReadFromAsync(new byte[8]));
    });

    private static async Task Exchange(PacketConn first, PacketConn second)
    {
        byte[] question = [1];
        byte[] answer = [2, 3];
        byte[] buffer = new byte[8];
        IoResult sent = second.RemoteAddress is null
            ? await second.TryWriteToAsync(question, first.LocalAddress)
            : await second.TryWriteAsync(question);
        Assert.Equal(new IoResult(1, null), sent);
        PacketResult got = await first.TryReadFromAsync(buffer);
        Assert.Equal(new PacketResult(1, second.LocalAddress, null), got);
        Assert.Equal(new IoResult(2, null), await first.TryWriteToAsync(answer, got.From!));
        Assert.Equal(new PacketResult(2, first.LocalAddress, null), await second.TryReadFromAsync(buffer));
        Assert.Equal(answer, buffer[..2]);
    }
}
