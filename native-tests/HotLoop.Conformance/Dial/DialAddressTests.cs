using HotLoop.TestKit;

namespace HotLoop.Conformance.Dial;

public sealed class DialAddressTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.ok/1-6")]
    public Task These_addresses_reach_a_listener_on_127_0_0_1(BackendKind backend) => RunBoth(backend, async t =>
    {
        int port = t.Listen().Address.Port;
        await t.Check("dial.ok/1", t.Dial($"127.0.0.1:{port}"));
        await t.Check("dial.ok/2", t.Dial($":{port}"));
        await t.Check("dial.ok/3", t.Dial($"0.0.0.0:{port}"));
        await t.Check("dial.ok/4", t.Dial($"[::]:{port}"));
        await t.Check("dial.ok/5", t.Dial($"localhost:{port}"));
        await t.Check("dial.ok/6", t.Dial($"[::ffff:127.0.0.1]:{port}"));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.ok/7-9")]
    public Task An_empty_host_means_IPv4_unless_tcp6_is_asked_for(BackendKind backend) => RunBoth(backend, async t =>
    {
        int port = t.Listen("tcp", "[::1]:0").Address.Port;
        await t.Check("dial.ok/7", t.Dial($"[::1]:{port}"));
        await t.Check("dial.ok/8", t.Dial($":{port}"));
        await t.Check("dial.ok/9", t.Dial($":{port}", "tcp6"));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.badaddr/1-32")]
    public Task A_malformed_address_is_refused_in_Go_s_words(BackendKind backend) => RunBoth(backend, async t =>
    {
        foreach (string id in GoCases.Expand("dial.badaddr/1-32"))
        {
            (string network, string address) = GoCalls.Arguments(id);
            await t.Check(id, t.Dial(address, network));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.badaddr/33")]
    public Task A_service_has_a_port(BackendKind backend) => RunBoth(backend, async t =>
    {
        // There is no public ResolveTCPAddr; an error shows what became of the name. No deadline is as soon over as this one.
        OpError error = await Assert.ThrowsAsync<OpError>(
            () => t.Dialer(timeout: TimeSpan.FromTicks(-1)).DialAsync("tcp", "127.0.0.1:http"));
        t.CheckExtra("dial.badaddr/33", "addr", error.Addr!);
        Assert.Equal("127.0.0.1:80", error.Addr!.ToString());
    });
}
