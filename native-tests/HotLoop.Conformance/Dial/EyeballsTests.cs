using System.Diagnostics;
using HotLoop.TestKit;
using static HotLoop.Conformance.LoopbackAnswer;

namespace HotLoop.Conformance.Dial;

/// <summary>A name with an IPv6 and an IPv4 address.</summary>
public sealed class EyeballsTests(LoopsFixture loops) : ConformanceTests(loops)
{
    // The delay is a timer of .NET, whose clock moves with the kernel's tick.
    private const int DelayClock = 10;

    private static readonly TimeSpan s_inTurn = TimeSpan.FromTicks(-1);

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.eyeballs/1-3")]
    public Task Where_both_refuse_the_error_is_that_of_the_first(BackendKind backend) => RunBoth(backend, async t =>
    {
        string address = (await TwoLoopbacks.Make(t, ipv6: Refuses, ipv4: Refuses)).Address;
        Dialer dialer = TwoLoopbacks.Dialer(t);
        await t.Check("dial.eyeballs/1", dialer.DialAsync("tcp", address));
        await t.Check("dial.eyeballs/2", dialer.DialAsync("tcp4", address));
        await t.Check("dial.eyeballs/3", dialer.DialAsync("tcp6", address));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.eyeballs/4-7")]
    public Task The_one_that_listens_is_found_without_delay(BackendKind backend) => RunBoth(backend, async t =>
    {
        Dialer dialer = TwoLoopbacks.Dialer(t);
        string onlyIPv4 = (await TwoLoopbacks.Make(t, ipv6: Refuses, ipv4: Listens)).Address;
        Stopwatch watch = Stopwatch.StartNew();
        await t.Check("dial.eyeballs/4", dialer.DialAsync("tcp", onlyIPv4));
        await t.Check("dial.eyeballs/5", TwoLoopbacks.Dialer(t, s_inTurn).DialAsync("tcp", onlyIPv4));

        string onlyIPv6 = (await TwoLoopbacks.Make(t, ipv6: Listens, ipv4: Refuses)).Address;
        await t.Check("dial.eyeballs/6", dialer.DialAsync("tcp", onlyIPv6));

        string both = (await TwoLoopbacks.Make(t, ipv6: Listens, ipv4: Listens)).Address;
        await t.Check("dial.eyeballs/7", dialer.DialAsync("tcp", both));
        Timing.AtOnce(watch);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.eyeballs/8-9")]
    public Task One_that_hangs_gets_company_after_the_fallback_delay(BackendKind backend) => RunBoth(backend, async t =>
    {
        string address = (await TwoLoopbacks.Make(t, ipv6: Hangs, ipv4: Listens)).Address;
        Stopwatch watch = Stopwatch.StartNew();
        await t.Check("dial.eyeballs/8", TwoLoopbacks.Dialer(t).DialAsync("tcp", address));
        t.About(watch, 300, DelayClock);

        watch.Restart();
        await t.Check("dial.eyeballs/9", TwoLoopbacks.Dialer(t, TimeSpan.FromMilliseconds(50)).DialAsync("tcp", address));
        t.About(watch, 50, DelayClock);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.eyeballs/10-11")]
    public Task In_turn_each_has_its_share_of_the_time(BackendKind backend) => RunBoth(backend, async t =>
    {
        string address = (await TwoLoopbacks.Make(t, ipv6: Hangs, ipv4: Listens)).Address;
        Stopwatch watch = Stopwatch.StartNew();
        await t.Check(
            "dial.eyeballs/10", TwoLoopbacks.Dialer(t, s_inTurn, TimeSpan.FromMilliseconds(400)).DialAsync("tcp", address));
        t.About(watch, 400);

        watch.Restart();
        await t.Check("dial.eyeballs/11", TwoLoopbacks.Dialer(t, s_inTurn, TimeSpan.FromSeconds(5)).DialAsync("tcp", address));
        t.About(watch, 2500);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.eyeballs/12")]
    public Task The_refusal_of_the_second_does_not_end_the_first(BackendKind backend) => RunBoth(backend, async t =>
    {
        string address = (await TwoLoopbacks.Make(t, ipv6: Hangs, ipv4: Refuses)).Address;
        Stopwatch watch = Stopwatch.StartNew();
        await t.Check("dial.eyeballs/12", TwoLoopbacks.Dialer(t, timeout: TimeSpan.FromMilliseconds(500)).DialAsync("tcp", address));
        t.About(watch, 500);
    });
}
