using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Samples.Tests;

public sealed class HostedEchoTests : IClassFixture<FdLeakGuard>
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_it_when_its_connections_have_ended(string signal)
    {
        await using EngineProcess server = Sample.Run("HostedEcho", "--listen", "127.0.0.1:0");
        IPEndPoint address = await Sample.WaitListeningAsync(server);
        using Client client = await Client.ConnectAsync(address);
        await client.EchoAsync();
        await server.Output.FindAsync(l => l.Contains("Application started", StringComparison.Ordinal));
        server.Send(signal == "TERM" ? Signal.Terminate : Signal.Interrupt);
        await server.Output.FindAsync(l => l.Contains("is shutting down", StringComparison.Ordinal));
        await client.EchoAsync();
        client.Socket.Shutdown(SocketShutdown.Send);
        await client.WaitClosedAsync();
        Assert.Equal(0, await server.ExitAsync());
    }
}
