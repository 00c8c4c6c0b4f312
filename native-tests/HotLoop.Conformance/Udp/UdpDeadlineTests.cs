using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Udp;

public sealed class UdpDeadlineTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.deadline/1-5")]
    public Task A_read_deadline_is_sticky_and_hides_what_is_there(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = t.ListenPacket();
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetReadDeadline(Timing.In(50));
        t.Check("udp.deadline/1", await Scenario.ReadFrom(conn));
        t.About(watch, 50);
        t.Check("udp.deadline/2", await Scenario.ReadFrom(conn));
        t.Check("udp.deadline/3", await conn.TryWriteToAsync(new byte[4], conn.LocalAddress));
        t.Check("udp.deadline/4", await Scenario.ReadFrom(conn));
        conn.SetReadDeadline(Deadline.None);
        t.Check("udp.deadline/5", await Scenario.ReadFrom(conn));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.deadline/6")]
    public Task A_past_write_deadline_sends_nothing(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = t.ListenPacket();
        conn.SetWriteDeadline(Deadline.Past);
        t.Check("udp.deadline/6", await conn.TryWriteToAsync(new byte[4], conn.LocalAddress));

        conn.SetWriteDeadline(Deadline.None);
        Assert.Null((await conn.TryWriteToAsync(new byte[3], conn.LocalAddress)).Error);
        Assert.Equal(3, (await Scenario.ReadFrom(conn)).Count);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("udp.deadline/7-10")]
    public Task After_Close_every_call_says_so(BackendKind backend) => RunBoth(backend, async t =>
    {
        PacketConn conn = t.ListenPacket();
        ValueTask<PacketResult> read = Scenario.ReadFrom(conn);
        Assert.False(read.IsCompleted);
        Stopwatch watch = Stopwatch.StartNew();
        conn.Close();
        t.Check("udp.deadline/7", await read);
        Timing.AtOnce(watch);
        t.Check("udp.deadline/8", await Scenario.ReadFrom(conn));
        t.Check("udp.deadline/9", await conn.TryWriteToAsync(new byte[4], conn.LocalAddress));
        t.Check("udp.deadline/10", conn.Close);
    });
}
