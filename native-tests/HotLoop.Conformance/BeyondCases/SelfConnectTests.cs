using System.Net;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Where nobody listens, a connect whose own port the kernel has chosen to be that one would meet itself.</summary>
public sealed class SelfConnectTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Dials = 500;

    [Theory, ClassData(typeof(Backends))]
    public Task A_connect_that_met_itself_is_tried_again(BackendKind backend) => RunBoth(backend, async t =>
    {
        IPEndPoint nobody = new(IPAddress.Loopback, Scenario.FreePort());
        int tries = 0;
        Dialer dialer = new()
        {
            Loops = t.Loops,
            Control = (_, _, descriptor) =>
            {
                if (tries++ == 0)
                {
                    BorrowedSocket.Of(descriptor).Bind(nobody);
                }
            },
        };
        int before = FdLeakGuard.CountSockets();
        OpError error = await Assert.ThrowsAsync<OpError>(() => dialer.DialAsync("tcp", nobody.ToString()));
        Assert.Equal(Kernel.ErrnoOf("ECONNREFUSED"), error.Errno);
        Assert.Equal(2, tries);
        await KernelView.Until(() => FdLeakGuard.CountSockets() == before);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task No_dial_of_a_free_port_succeeds(BackendKind backend) => RunBoth(backend, async t =>
    {
        for (int i = 0; i < Dials; i++)
        {
            OpError error = await Assert.ThrowsAsync<OpError>(() => t.Dial($"127.0.0.1:{Scenario.FreePort()}"));
            Assert.Equal(Kernel.ErrnoOf("ECONNREFUSED"), error.Errno);
        }
    });
}
