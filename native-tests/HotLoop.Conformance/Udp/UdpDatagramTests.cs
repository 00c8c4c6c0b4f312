using System.Text;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Udp;

/// <summary>What a datagram is, and addresses.</summary>
public sealed class UdpDatagramTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.misc/1")]
    public Task Write_needs_a_fixed_peer(BackendKind backend) => RunBoth(backend, async t =>
        t.Check("udp.misc/1", await t.ListenPacket().TryWriteAsync(new byte[1])));

    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.misc/2-4")]
    public Task A_datagram_may_be_empty_and_what_does_not_fit_is_lost(BackendKind backend) => RunBoth(backend, async t =>
    {
        (PacketConn receiver, PacketConn sender) = await t.PacketPair();
        Assert.Null((await sender.TryWriteAsync(default)).Error);
        t.Check("udp.misc/2", await Scenario.ReadFrom(receiver));

        Assert.Null((await sender.TryWriteAsync("0123456789"u8.ToArray())).Error);
        byte[] buffer = new byte[4];
        t.Check("udp.misc/3", await receiver.TryReadFromAsync(buffer));
        t.CheckExtra("udp.misc/3", "data", Encoding.ASCII.GetString(buffer));
        receiver.SetReadDeadline(Timing.In(50));
        t.Check("udp.misc/4", await Scenario.ReadFrom(receiver));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.misc/5-6")]
    public Task A_fixed_peer_gets_datagrams_of_any_size_that_IP_has(BackendKind backend) => RunBoth(backend, async t =>
    {
        (PacketConn receiver, PacketConn sender) = await t.PacketPair();
        t.Check("udp.misc/5", await sender.TryWriteAsync(new byte[65536]));
        Assert.Null((await receiver.TryWriteToAsync(default, sender.LocalAddress)).Error);
        t.Check("udp.misc/6", await sender.TryReadAsync(new byte[64]));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.misc/7-9")]
    public Task ListenPacket_takes_a_free_port_of_a_datagram_network(BackendKind backend) => RunBoth(backend, t =>
    {
        string taken = t.ListenPacket().LocalAddress.ToString();
        t.Check("udp.misc/7", () => t.ListenPacket("udp", taken));
        t.CheckExtra("udp.misc/8", "addr", t.ListenPacket("udp", ":0").LocalAddress);
        t.Check("udp.misc/9", () => t.ListenPacket("tcp", ":0"));
        return Task.CompletedTask;
    });
}
