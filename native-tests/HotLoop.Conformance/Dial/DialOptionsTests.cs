using HotLoop.TestKit;

namespace HotLoop.Conformance.Dial;

public sealed class DialOptionsTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.options/1-5")]
    public Task Keep_alive_is_as_the_dialer_says(BackendKind backend) => RunBoth(backend, async t =>
    {
        await Check(t, "dial.options/1", TimeSpan.Zero);
        await Check(t, "dial.options/2", TimeSpan.FromTicks(-1));
        await Check(t, "dial.options/3", TimeSpan.FromSeconds(3));
        await Check(t, "dial.options/4", TimeSpan.FromMilliseconds(1500));

        // Go's DialTCP sets no keep-alive: here the dialer says so.
        await Check(t, "dial.options/5", TimeSpan.MinValue);
    });

    private static async Task Check(Scenario t, string id, TimeSpan keepAlive)
    {
        Dialer dialer = new() { Loops = t.Loops, KeepAlive = keepAlive };
        Conn conn = t.Own(await dialer.DialAsync("tcp", t.Listen().Address.ToString()));
        t.CheckOptions(id, KernelView.Of(conn));
    }
}
