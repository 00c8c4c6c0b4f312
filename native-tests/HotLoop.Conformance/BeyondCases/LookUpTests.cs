using System.Diagnostics;
using System.Net;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Host strings that are no names, and look-ups that do as they like.</summary>
public sealed class LookUpTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task What_is_no_name_is_not_found(BackendKind backend) => RunBoth(backend, async t =>
    {
        string[] hosts = ["0", "1", "0x7f.1", "127.1", new string('a', 300), new string('a', 5000)];
        foreach (string host in hosts)
        {
            OpError error = await Assert.ThrowsAsync<OpError>(() => t.Dial(host + ":80"));
            Assert.Equal((OpErrorKind.Lookup, $"dial tcp: lookup {host}: no such host"), (error.Kind, error.Message));
            Assert.Equal(OpErrorKind.Lookup, Scenario.ErrorOf(() => t.Listen(address: host + ":80"))?.Kind);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_look_up_that_does_not_heed_its_token_does_not_hold_up_a_time_out(BackendKind backend) => RunBoth(backend, async t =>
    {
        TaskCompletionSource<IPAddress[]> never = new();
        Dialer dialer = new() { Loops = t.Loops, Timeout = TimeSpan.FromMilliseconds(50), Resolver = (_, _) => never.Task };
        Stopwatch watch = Stopwatch.StartNew();
        OpError error = await Assert.ThrowsAsync<OpError>(() => dialer.DialAsync("tcp", "name.test:80"));
        Timing.About(watch, 50);
        Assert.True(error.Timeout);

        using CancellationTokenSource cancel = new(30);
        Dialer patient = new() { Loops = t.Loops, Resolver = (_, _) => never.Task };
        error = await Assert.ThrowsAsync<OpError>(() => patient.DialAsync("tcp", "name.test:80", cancel.Token));
        Assert.Equal(OpErrorKind.Canceled, error.Kind);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task What_a_resolver_throws_is_the_dial_s_error(BackendKind backend) => RunBoth(backend, async t =>
    {
        Dialer dialer = new() { Loops = t.Loops, Resolver = (_, _) => throw new InvalidOperationException("no directory") };
        OpError error = await Assert.ThrowsAsync<OpError>(() => dialer.DialAsync("tcp", "name.test:80"));
        Assert.Equal((OpErrorKind.Lookup, "dial tcp: lookup name.test: no directory"), (error.Kind, error.Message));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task The_longest_fallback_delay_means_never(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        Dialer dialer = new()
        {
            Loops = t.Loops,
            FallbackDelay = TimeSpan.MaxValue,
            Resolver = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.IPv6Loopback]),
        };
        using Conn conn = await dialer.DialAsync("tcp", $"name.test:{listener.Address.Port}");
        Assert.Equal(listener.Address, conn.RemoteAddress);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Without_a_host_the_local_address_chooses_the_family(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen(address: "[::1]:0");
        Dialer dialer = t.Dialer(local: new NetAddress("tcp", IPAddress.IPv6Loopback, 0));
        using Conn conn = await dialer.DialAsync("tcp", $":{listener.Address.Port}");
        Assert.Equal(IPAddress.IPv6Loopback, conn.LocalAddress.Ip);
    });
}
