using System.Diagnostics;
using System.Net;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Udp;

/// <summary>A socket with a fixed peer hears of refusals.</summary>
public sealed class UdpConnectedTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.connected/1-6")]
    public Task A_refusal_is_told_once_to_the_next_call(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = (await t.Check("udp.connected/1", t.DialPacket(await t.RefusingPacketAddress())))!;
        t.Check("udp.connected/2", await conn.TryWriteAsync(new byte[1]));
        t.Check("udp.connected/3", await conn.TryReadAsync(new byte[64]));
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetReadDeadline(Timing.In(50));
        t.Check("udp.connected/4", await conn.TryReadAsync(new byte[64]));
        t.About(watch, 50);

        t.Check("udp.connected/5", await conn.TryWriteAsync(new byte[1]));
        await KernelView.Of(conn).UntilError();
        t.Check("udp.connected/6", await conn.TryWriteAsync(new byte[1]));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.connected/7")]
    public Task A_fixed_peer_is_the_only_one(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = await t.DialPacket(await t.RefusingPacketAddress());
        NetAddress other = new("udp", IPAddress.Loopback, 9);
        t.Check("udp.connected/7", await conn.TryWriteToAsync(new byte[1], other));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.connected/8")]
    public Task A_refusal_wakes_a_waiting_read(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = await t.DialPacket(await t.RefusingPacketAddress());
        ValueTask<IoResult> read = conn.TryReadAsync(new byte[64]);
        Assert.False(read.IsCompleted);
        Assert.Null((await conn.TryWriteAsync(new byte[1])).Error);
        t.Check("udp.connected/8", await read);
    });
}
