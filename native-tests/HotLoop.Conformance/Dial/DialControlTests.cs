using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Dial;

/// <summary>The hook between socket and connect.</summary>
public sealed class DialControlTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.localaddr/10")]
    public Task An_exception_of_the_hook_ends_the_dial_and_stands_inside(BackendKind backend) => RunBoth(backend, async t =>
    {
        Exception refusal = new UnauthorizedAccessException("operation not permitted");
        Dialer dialer = new() { Loops = t.Loops, Control = (_, _, _) => throw refusal };
        string address = t.Listen().Address.ToString();
        OpError error = await Assert.ThrowsAsync<OpError>(() => dialer.DialAsync("tcp", address));
        t.Check("dial.localaddr/10", error);
        Assert.Same(refusal, error.InnerException);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.localaddr/11")]
    public Task The_hook_is_told_family_and_address(BackendKind backend) => RunBoth(backend, async t =>
    {
        string network = "";
        string address = "";
        Dialer dialer = new() { Loops = t.Loops, Control = (n, a, _) => (network, address) = (n, a) };
        await t.Check("dial.localaddr/11", dialer.DialAsync("tcp", t.Listen().Address.ToString()));
        t.CheckExtra("dial.localaddr/11", "network", network);
        t.CheckExtra("dial.localaddr/11", "address", GoCases.Normalize(address));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("dial.etimedout/1")]
    public Task What_the_hook_sets_holds_for_the_connect(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        Dialer dialer = new()
        {
            Loops = t.Loops,
            Control = static (_, _, descriptor) =>
            {
                Assert.True(Kernel.TryOption("TCP_SYNCNT", out (int Level, int Name) option));
                BorrowedSocket.Of(descriptor).SetRawSocketOption(option.Level, option.Name, BitConverter.GetBytes(1));
            },
        };
        string address = (await t.FullListener()).Address.ToString();
        Stopwatch watch = Stopwatch.StartNew();

        // One more attempt after a second, and two seconds for its answer.
        await t.Check("dial.etimedout/1", dialer.DialAsync("tcp", address));
        t.About(watch, 3000);
    });
}
