using System.Net;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Dial;

public sealed class DialRefusedTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.refused.v4/1", "dial.refused.v6/1", "dial.refused.emptyhost/1-5")]
    public Task The_error_names_the_requested_address(BackendKind backend) => RunBoth(backend, async t =>
    {
        int port = t.RefusingPort();
        await t.Check("dial.refused.v4/1", t.Dial($"127.0.0.1:{port}"));
        await t.Check("dial.refused.v6/1", t.Dial($"[::1]:{port}"));
        await t.Check("dial.refused.emptyhost/1", t.Dial($":{port}"));
        await t.Check("dial.refused.emptyhost/2", t.Dial($"0.0.0.0:{port}"));
        await t.Check("dial.refused.emptyhost/3", t.Dial($"[::]:{port}"));
        await t.Check("dial.refused.emptyhost/4", t.Dial($":{port}", "tcp4"));
        await t.Check("dial.refused.emptyhost/5", t.Dial($":{port}", "tcp6"));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.refused.localhost/1")]
    public Task A_name_is_shown_as_the_first_address_it_stands_for(BackendKind backend) => RunBoth(backend, async t =>
    {
        OpError error = await Assert.ThrowsAsync<OpError>(() => t.Dial($"localhost:{t.RefusingPort()}"));

        // Go's machine knew localhost as 127.0.0.1 only.
        IPAddress first = (await Dns.GetHostAddressesAsync("localhost"))[0];
        string shown = GoCases.Normalize(new NetAddress("tcp", first, error.Addr!.Port).ToString());
        string text = GoCases.Normalize(error.Message);
        GoCase go = t.Saw("dial.refused.localhost/1", text.Replace(shown, "FIRST-ADDRESS", StringComparison.Ordinal));
        Assert.Equal(go.Error.Replace("127.0.0.1:PORT", shown, StringComparison.Ordinal), text);
        Assert.Equal(Kernel.ErrnoOf("ECONNREFUSED"), error.Errno);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.zone/1-3")]
    public Task A_zone_stays_in_the_text(BackendKind backend) => RunBoth(backend, async t =>
    {
        int port = t.RefusingPort();
        await t.Check("dial.zone/1", t.Dial($"[::1%lo]:{port}"));
        await t.Check("dial.zone/2", t.Dial($"[::1%1]:{port}"));
        await t.Check("dial.zone/3", t.Dial($"[::1%nosuch]:{port}"));
    });
}
