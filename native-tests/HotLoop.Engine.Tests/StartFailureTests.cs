using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

/// <summary>What cannot be done is said in one line with Go's text, and ends with 1.</summary>
public class StartFailureTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_port_of_somebody_else_is_in_use(string loops)
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        await AssertFailsAsync(PortTaken(((IPEndPoint)other.LocalEndpoint).Port), loops, $"{other.LocalEndpoint}");
    }

    // Both set SO_REUSEPORT, for their own loops only: neither may slip in beside the other and take half of its clients.
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_port_of_another_hotloop_is_in_use(string loops)
    {
        await using EngineProcess first = await EngineProcess.EchoAsync();
        await AssertFailsAsync(PortTaken(first.Port), loops, $"{first.EndPoint}");

        for (int i = 0; i < 10; i++)
        {
            using Client client = await Client.ConnectAsync(first.EndPoint);
            await client.EchoAsync();
        }
    }

    // The runtime's signal handling could not be set up, and the process was aborted with a stack trace.
    [Fact]
    public async Task Too_few_descriptors_to_start_are_said_in_one_line()
    {
        await using EngineProcess engine = StartLimited(EngineProcess.IsNative ? 13 : 68);
        Assert.Equal(1, await engine.ExitAsync());
        Assert.Equal(["hotloop: Too many open files"], await engine.Errors.ToEndAsync());
    }

    // Fewer still: then an assembly cannot be loaded. A native binary loads none, but has no descriptor to listen or to wait with.
    [Theory]
    [InlineData(62, 8)]
    [InlineData(64, 10)]
    public async Task Too_few_to_load_the_program_are_said_in_one_line(int limit, int native)
    {
        await using EngineProcess engine = StartLimited(EngineProcess.IsNative ? native : limit);
        Assert.Equal(1, await engine.ExitAsync());
        Assert.StartsWith("hotloop: ", Assert.Single(await engine.Errors.ToEndAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foo", "hotloop: listen tcp: address foo: missing port in address")]
    [InlineData("127.0.0.1", "hotloop: listen tcp: address 127.0.0.1: missing port in address")]
    [InlineData("::1:80", "hotloop: listen tcp: address ::1:80: too many colons in address")]
    [InlineData("127.0.0.1:99999", "hotloop: listen tcp: address 99999: invalid port")]
    [InlineData("127.0.0.1:nosuchservice", "hotloop: listen tcp: address tcp/nosuchservice: unknown port")]
    [InlineData("192.0.2.1:80", "hotloop: listen tcp 192.0.2.1:80: bind: cannot assign requested address")]
    public Task A_bad_address_is_named(string address, string complaint) => AssertFailsAsync(complaint, "2", address);

    [Fact]
    public async Task A_host_that_does_not_exist_is_named()
    {
        await using EngineProcess engine = EngineProcess.Start("echo", "--listen", "nosuchhost.invalid:1");
        Assert.Equal(1, await engine.ExitAsync());
        string line = Assert.Single(await engine.Errors.ToEndAsync());
        Assert.StartsWith("hotloop: listen tcp: lookup nosuchhost.invalid: ", line, StringComparison.Ordinal);

        // A machine without a resolver cannot know that the host does not exist, and may say so.
        if (await LookUpAsync("nosuchhost.invalid") == SocketError.HostNotFound)
        {
            Assert.EndsWith(": no such host", line, StringComparison.Ordinal);
        }
    }

    private static EngineProcess StartLimited(int descriptors) =>
        EngineProcess.StartBy("prlimit", [$"--nofile={descriptors}:{descriptors}"], "echo", "--listen", "127.0.0.1:0", "--loops", "2", "--backend", "epoll");

    private static string PortTaken(int port) => $"hotloop: listen tcp 127.0.0.1:{port}: bind: address already in use";

    private static async Task AssertFailsAsync(string complaint, string loops, string address)
    {
        await using EngineProcess engine = EngineProcess.Start("echo", "--listen", address, "--loops", loops);
        Assert.Equal(1, await engine.ExitAsync());
        Assert.Equal([complaint], await engine.Errors.ToEndAsync());
        Assert.Empty(await engine.Output.ToEndAsync());
    }

    private static async Task<SocketError> LookUpAsync(string name)
    {
        try
        {
            await Dns.GetHostAddressesAsync(name).WaitAsync(EngineProcess.Patience);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
