using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>The file of a Unix listener goes once: what stands there afterwards is another's.</summary>
public sealed class UnixFileTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task A_closed_listener_removes_nothing_more(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener first = t.ListenUnix("DIR/one.sock");
        first.Close();
        Listener second = t.ListenUnix("DIR/one.sock");
        first.SetUnlinkOnClose(true);
        first.Dispose();
        Assert.NotNull(Scenario.ErrorOf(first.Close));
        using Conn conn = await t.Dial(second);
        second.Close();
        Assert.False(File.Exists(t.PathOf("DIR/one.sock")));
    });
}
