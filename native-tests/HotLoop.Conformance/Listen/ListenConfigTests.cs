using HotLoop.TestKit;

namespace HotLoop.Conformance.Listen;

public sealed class ListenConfigTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.badaddr/14-15")]
    public Task A_canceled_token_ends_a_look_up_and_nothing_else(BackendKind backend) => RunBoth(backend, async t =>
    {
        ListenConfig config = new() { Loops = t.Loops };
        CancellationToken canceled = new(canceled: true);
        async Task Listen(string address) => t.Own(await config.ListenAsync("tcp", address, canceled));
        t.Check("listen.badaddr/14", await Scenario.ErrorOf(Listen("127.0.0.1:0")));
        t.Check("listen.badaddr/15", await Scenario.ErrorOf(Listen("nosuchname.invalid:0")));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.badaddr/16")]
    public Task An_exception_of_the_hook_ends_the_listen_and_stands_inside(BackendKind backend) => RunBoth(backend, t =>
    {
        Exception refusal = new UnauthorizedAccessException("operation not permitted");
        ListenConfig config = new() { Loops = t.Loops, Control = (_, _, _) => throw refusal };
        OpError error = Assert.Throws<OpError>(() => config.Listen("tcp", "127.0.0.1:0"));
        t.Check("listen.badaddr/16", error);
        Assert.Same(refusal, error.InnerException);
        return Task.CompletedTask;
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.badaddr/17")]
    public Task Without_an_address_it_listens_everywhere_on_a_free_port(BackendKind backend) => RunBoth(backend, async t =>
    {
        // Go's ListenTCP without an address.
        Listener? listener = null;
        t.Check("listen.badaddr/17", () => listener = t.Listen("tcp", ""));
        _ = await t.Dial($"127.0.0.1:{listener!.Address.Port}");
    });
}
