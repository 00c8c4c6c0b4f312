using System.Net.Sockets;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

public class EchoTests
{
    private const int BigSize = 8 << 20;

    [Theory, ClassData(typeof(Backends))]
    public async Task Small_messages_come_back_one_by_one(BackendKind backend)
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
        using Client client = await Client.ConnectAsync(engine.EndPoint);
        for (int i = 0; i < 1000; i++)
        {
            await client.EchoAsync((byte)i);
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Eight_MiB_in_pieces_come_back_whole_after_a_half_close(BackendKind backend)
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
        using Client client = await Client.ConnectAsync(engine.EndPoint);
        byte[] data = new byte[BigSize];
        Random random = new(1);
        random.NextBytes(data);

        Task<byte[]> receive = client.ReceiveAsync(BigSize);
        for (int sent = 0; sent < BigSize;)
        {
            int piece = Math.Min(random.Next(1, 200_000), BigSize - sent);
            await client.SendAsync(data.AsMemory(sent, piece));
            sent += piece;
        }

        client.Socket.Shutdown(SocketShutdown.Send);
        byte[] received = await receive;
        Assert.True(data.AsSpan().SequenceEqual(received));
        Assert.Equal(0, await client.Socket.ReceiveAsync(new byte[1]).WaitAsync(EngineProcess.Patience));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task What_is_sent_before_a_half_close_at_once_comes_back(BackendKind backend)
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
        for (int i = 0; i < 50; i++)
        {
            using Client client = await Client.ConnectAsync(engine.EndPoint);
            await client.SendAsync(new byte[100]);
            client.Socket.Shutdown(SocketShutdown.Send);
            await client.ReceiveAsync(100);
            await client.WaitClosedAsync();
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Two_hundred_clients_are_served_at_once(BackendKind backend)
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
        Client[] clients = await Client.ConnectAsync(engine.EndPoint, 200);
        for (int round = 0; round < 10; round++)
        {
            await Task.WhenAll(clients.Select((client, i) => client.EchoAsync((byte)(i + round))));
        }

        Array.ForEach(clients, client => client.Dispose());
        engine.Send(Signal.Terminate);
        Assert.Equal(0, await engine.ExitAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
    }
}
