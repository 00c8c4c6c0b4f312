using HotLoop.TestKit;

namespace HotLoop.Conformance.Listen;

public sealed class ListenAddressTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.addr/1-17")]
    public Task An_address_decides_on_family_and_dual_stack(BackendKind backend) => RunBoth(backend, t =>
    {
        foreach (string id in GoCases.Expand("listen.addr/1-17"))
        {
            (string network, string address) = GoCalls.Arguments(id);
            Listener listener = t.Listen(network, address);
            t.CheckExtra(id, "addr", listener.Address);
            t.CheckOptions(id, KernelView.Of(listener));
            t.CheckExtra(id, "network", listener.Address.Network);
        }

        return Task.CompletedTask;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.badaddr/1-6", "listen.badaddr/8-13")]
    public Task A_malformed_address_is_refused_in_Go_s_words(BackendKind backend) => RunBoth(backend, t =>
    {
        foreach (string id in GoCases.Expand("listen.badaddr/1-6").Concat(GoCases.Expand("listen.badaddr/8-13")))
        {
            (string network, string address) = GoCalls.Arguments(id);
            t.Check(id, () => t.Listen(network, address));
        }

        return Task.CompletedTask;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.badaddr/7", "listen.badaddr/18")]
    public Task A_network_of_datagrams_has_no_listener(BackendKind backend) => RunBoth(backend, t =>
    {
        t.Check("listen.badaddr/7", () => t.ListenUnix("DIR/x.sock", "unixgram"));
        t.Check("listen.badaddr/18", () => t.Listen("udp", ""));
        return Task.CompletedTask;
    });
}
