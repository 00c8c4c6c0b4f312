using System.Net;
using HotLoop.TestKit;
using HotLoop.TestKit.Networks;

namespace HotLoop.Conformance.Dial;

/// <summary>Networks that lead nowhere.</summary>
public sealed class DialNetworkTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [NamespaceTheory, ClassData(typeof(Backends))]
    [GoCase("dial.netns/1-5")]
    public Task Without_an_interface_the_kernel_s_refusal_comes_at_once(BackendKind backend) => RunInNamespace(backend, async t =>
    {
        await t.Check("dial.netns/1", t.Dial("127.0.0.1:1234"));
        await t.Check("dial.netns/2", t.Dial("[::1]:1234"));
        await t.Check("dial.netns/3", t.Dial(":1234"));
        await t.Check("dial.netns/4", t.Dialer(TimeSpan.FromSeconds(1)).DialAsync("tcp", "127.0.0.1:1234"));
        await t.Check("dial.netns/5", t.DialPacket("127.0.0.1:1234"));
    });

    [NamespaceTheory, ClassData(typeof(Backends))]
    [GoCase("dial.netns2/1-3")]
    public Task A_route_may_refuse_in_three_ways(BackendKind backend) => RunInNamespace(backend, async t =>
    {
        RouteMessage.SetLoopback(up: true);
        RouteMessage.Refuse(IPAddress.Parse("127.9.9.1"), RouteRefusal.Unreachable);
        RouteMessage.Refuse(IPAddress.Parse("127.9.9.2"), RouteRefusal.Prohibit);
        RouteMessage.Refuse(IPAddress.Parse("127.9.9.3"), RouteRefusal.Blackhole);
        await t.Check("dial.netns2/1", t.Dial("127.9.9.1:1234"));
        await t.Check("dial.netns2/2", t.Dial("127.9.9.2:1234"));
        await t.Check("dial.netns2/3", t.Dial("127.9.9.3:1234"));
    });
}
