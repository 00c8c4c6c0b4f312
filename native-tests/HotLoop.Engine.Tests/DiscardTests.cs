using System.Net.Sockets;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

public class DiscardTests
{
    private const int BigSize = 64 << 20; // more than the buffers of both ends hold

    [Fact]
    public async Task Everything_is_read_and_nothing_comes_back()
    {
        await using EngineProcess engine = await EngineProcess.DiscardAsync();
        Client[] clients = await Client.ConnectAsync(engine.EndPoint, 4);
        byte[] data = new byte[BigSize / clients.Length];
        await Task.WhenAll(clients.Select(client => client.SendAsync(data)));
        foreach (Client client in clients)
        {
            client.Socket.Shutdown(SocketShutdown.Send);
            await client.WaitClosedAsync();
            client.Dispose();
        }

        engine.Send(Signal.Terminate);
        Assert.Equal(0, await engine.ExitAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
    }

    [Fact]
    public async Task The_ready_line_names_the_command()
    {
        await using EngineProcess engine = await EngineProcess.DiscardAsync();
        Assert.StartsWith($"hotloop: discard listening on 127.0.0.1:{engine.Port} (", engine.ReadyLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_ends_only_its_own_connection()
    {
        await using EngineProcess engine = await EngineProcess.DiscardAsync();
        using Client other = await Client.ConnectAsync(engine.EndPoint);
        using (Client client = await Client.ConnectAsync(engine.EndPoint))
        {
            await client.SendAsync(new byte[1000]);
            client.Reset();
        }

        await other.SendAsync(new byte[1000]);
        other.Socket.Shutdown(SocketShutdown.Send);
        await other.WaitClosedAsync();
    }
}
