using System.Net;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Hosts that other parsers take for something else. Go's column is what its parser of addresses and its rule of domain names say.</summary>
public sealed class AddressTextTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const string NoHost = "no such host";

    // A host, Go's answer and ours; null: it connects.
    private static readonly (string Host, string? Go, string? Ours)[] s_hosts =
    [
        ("127.0.0.1", null, null),
        ("::ffff:127.0.0.1", null, null),
        ("::FFFF:7f00:1", null, null),
        ("0:0:0:0:0:ffff:127.0.0.1", null, null),
        ("::ffff:127.0.0.1%lo", null, null),
        ("localhost", null, null),
        ("0177.0.0.1", NoHost, NoHost),
        ("127.0.0.010", NoHost, NoHost),
        ("127.00.0.1", NoHost, NoHost),
        ("0127.0.0.1", NoHost, NoHost),
        ("127.0.0.1.", NoHost, NoHost),
        ("127.1", NoHost, NoHost),
        ("1", NoHost, NoHost),
        ("2130706433", NoHost, NoHost),
        ("127.0.0.256", NoHost, NoHost),
        ("::1%", NoHost, NoHost),
        ("::ffff:127.0.0.01", NoHost, NoHost),
        ("::127.0.0.1::", NoHost, NoHost),
        ("127.0.0.1%lo", NoHost, NoHost),
        (" 127.0.0.1", NoHost, NoHost),
        ("127.0.0.1 ", NoHost, NoHost),
        ("127.0.0.1\0", NoHost, NoHost),
        ("localhost\0.evil.example", NoHost, NoHost),
        ("-localhost", NoHost, NoHost),
        ("localhost-", NoHost, NoHost),
        ("localhost..", NoHost, NoHost),
        (".localhost", NoHost, NoHost),
        ("lócalhost", NoHost, NoHost),
        ("0x7f.1", "what the resolver makes of it", NoHost),
        ("0x7f000001", "what the resolver makes of it", NoHost),
        ("::ffff:127.0.0.1%lo\0", null, NoHost),
    ];

    [Theory, ClassData(typeof(Backends))]
    public Task A_host_means_one_thing_or_nothing(BackendKind backend) => RunBoth(backend, async t =>
    {
        int port = t.Listen().Address.Port;
        foreach ((string host, _, string? ours) in s_hosts)
        {
            string address = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
            OpError? error = await ErrorOf(t.Dialer().DialAsync("tcp", address));
            Assert.Equal((host, ours is null ? null : $"dial tcp: lookup {host}: {ours}"), (host, error?.Message));
            if (ours is not null)
            {
                Assert.Equal($"listen tcp: lookup {host}: {ours}", Scenario.ErrorOf(() => t.Listen(address: address))?.Message);
                Assert.Equal((host, OpErrorKind.Lookup), (host, error!.Kind));
            }
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_resolver_of_one_s_own_is_given_any_name_without_NUL(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        List<string> asked = [];
        Dialer dialer = new()
        {
            Loops = t.Loops,
            Resolver = (name, _) =>
            {
                asked.Add(name);
                return Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
            },
        };
        foreach (string name in new[] { "0177.0.0.1", "1", "a b", "lócal" })
        {
            (await dialer.DialAsync("tcp", $"{name}:{listener.Address.Port}")).Dispose();
        }

        Assert.Equal("dial tcp: lookup a\0b: no such host", (await ErrorOf(dialer.DialAsync("tcp", "a\0b:80")))?.Message);
        Assert.Equal(["0177.0.0.1", "1", "a b", "lócal"], asked);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_port_has_no_NUL(BackendKind backend) => RunBoth(backend, async t =>
    {
        Assert.Equal("dial tcp: address tcp/80\0: unknown port", (await ErrorOf(t.Dialer().DialAsync("tcp", "127.0.0.1:80\0")))?.Message);
        Assert.Equal("dial tcp: address tcp/http\0: unknown port", (await ErrorOf(t.Dialer().DialAsync("tcp", "127.0.0.1:http\0")))?.Message);
    });

    private static async Task<OpError?> ErrorOf(Task<Conn> dial)
    {
        try
        {
            (await dial).Dispose();
            return null;
        }
        catch (OpError e)
        {
            return e;
        }
    }
}
