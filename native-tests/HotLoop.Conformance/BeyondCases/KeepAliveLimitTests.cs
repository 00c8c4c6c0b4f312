using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

public sealed class KeepAliveLimitTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int KernelMost = 32_767;

    // The kernel refuses more, and then its default of two hours held.
    [Theory, ClassData(typeof(Backends))]
    public Task A_period_that_the_kernel_refuses_becomes_the_longest_that_it_takes(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        TimeSpan tooLong = TimeSpan.FromHours(10);
        using Listener listener = new ListenConfig { Loops = t.Loops, KeepAlive = tooLong }.Listen("tcp", "127.0.0.1:0");
        using Conn client = await new Dialer { Loops = t.Loops, KeepAlive = tooLong }.DialAsync("tcp", listener.Address.ToString());
        using Conn accepted = await listener.AcceptAsync();
        foreach (Conn conn in new[] { client, accepted })
        {
            KernelView view = KernelView.Of(conn);
            Assert.Equal(KernelMost, view.Option("TCP_KEEPIDLE"));
            Assert.Equal(KernelMost, view.Option("TCP_KEEPINTVL"));
        }
    });
}
