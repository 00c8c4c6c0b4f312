using System.Net;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

public class ListeningTests
{
    [Fact]
    public async Task One_line_says_that_it_is_ready_and_where()
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync();
        using Client client = await Client.ConnectAsync(engine.EndPoint);
        await client.EchoAsync();
        client.Dispose();
        engine.Send(Signal.Terminate);

        Assert.Equal(0, await engine.ExitAsync());
        string ready = $"hotloop: echo listening on 127.0.0.1:{engine.Port} ({EngineProcess.Backend}, 2 loops)";
        Assert.Equal([ready], await engine.Output.ToEndAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
        Assert.NotEqual(0, engine.Port);
    }

    [Fact]
    public async Task One_loop_is_not_loops()
    {
        await using EngineProcess engine = EngineProcess.Start("echo", "--listen", "127.0.0.1:0", "--loops", "1", "--backend", EngineProcess.Backend);
        await engine.WaitReadyAsync();
        Assert.Equal($"hotloop: echo listening on 127.0.0.1:{engine.Port} ({EngineProcess.Backend}, 1 loop)", engine.ReadyLine);
        using Client client = await Client.ConnectAsync(engine.EndPoint);
        await client.EchoAsync();
    }

    [Fact]
    public async Task Options_may_be_joined_with_an_equals_sign_and_all_be_given()
    {
        await using EngineProcess engine = EngineProcess.Start(
            "echo", "--listen=127.0.0.1:0", "--loops=2", "--backend=epoll", "--pin", "--drain=0.5");
        await engine.WaitReadyAsync();
        using Client client = await Client.ConnectAsync(engine.EndPoint);
        await client.EchoAsync();
    }

    [Fact]
    public async Task IPv6_is_shown_in_brackets()
    {
        await using EngineProcess engine = await EngineProcess.EchoOnAsync("[::1]:0");
        Assert.Equal($"hotloop: echo listening on [::1]:{engine.Port} ({EngineProcess.Backend}, 2 loops)", engine.ReadyLine);
        using Client client = await Client.ConnectAsync(new IPEndPoint(IPAddress.IPv6Loopback, engine.Port));
        await client.EchoAsync();
    }

    // Twenty of each, so that both loops' sockets get some.
    [Theory]
    [InlineData(":0")]
    [InlineData("[::]:0")]
    [InlineData("0.0.0.0:0")]
    public async Task A_wildcard_takes_IPv4_and_IPv6(string address)
    {
        await using EngineProcess engine = await EngineProcess.EchoOnAsync(address);
        Assert.Equal($"hotloop: echo listening on [::]:{engine.Port} ({EngineProcess.Backend}, 2 loops)", engine.ReadyLine);
        foreach (IPAddress ip in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            for (int i = 0; i < 20; i++)
            {
                using Client client = await Client.ConnectAsync(new IPEndPoint(ip, engine.Port));
                await client.EchoAsync();
            }
        }
    }

    [Fact]
    public async Task A_host_name_is_looked_up()
    {
        await using EngineProcess engine = await EngineProcess.EchoOnAsync("localhost:0");
        Assert.Equal($"hotloop: echo listening on 127.0.0.1:{engine.Port} ({EngineProcess.Backend}, 2 loops)", engine.ReadyLine);
        using Client client = await Client.ConnectAsync(engine.EndPoint);
        await client.EchoAsync();
    }
}
