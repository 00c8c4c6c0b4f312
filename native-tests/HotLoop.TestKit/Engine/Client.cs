using System.Net;
using System.Net.Sockets;
using Xunit;

namespace HotLoop.TestKit.Engine;

/// <summary>The other end, over System.Net.Sockets: nothing of HotLoop tests HotLoop here.</summary>
internal sealed class Client : IDisposable
{
    private Client(Socket socket) => Socket = socket;

    internal Socket Socket { get; }

    internal static async Task<Client> ConnectAsync(EndPoint server)
    {
        Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server).WaitAsync(EngineProcess.Patience);
            return new Client(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static async Task<Client[]> ConnectAsync(EndPoint server, int count)
    {
        Client[] clients = new Client[count];
        for (int i = 0; i < count; i++)
        {
            clients[i] = await ConnectAsync(server);
        }

        return clients;
    }

    /// <summary>Sends a few bytes and gets the same back.</summary>
    internal async Task EchoAsync(byte seed = 1)
    {
        byte[] message = [seed, (byte)(seed + 1), (byte)(seed + 2)];
        await SendAsync(message);
        Assert.Equal(message, await ReceiveAsync(message.Length));
    }

    internal async Task SendAsync(ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0)
        {
            data = data[await Socket.SendAsync(data).AsTask().WaitAsync(EngineProcess.Patience)..];
        }
    }

    internal async Task<byte[]> ReceiveAsync(int count)
    {
        byte[] all = new byte[count];
        for (int got = 0; got < count;)
        {
            int n = await Socket.ReceiveAsync(all.AsMemory(got)).AsTask().WaitAsync(EngineProcess.Patience);
            Assert.True(n > 0, $"The connection ended after {got} of {count} bytes.");
            got += n;
        }

        return all;
    }

    /// <summary>Waits for the server to close, in order or with a reset.</summary>
    internal async Task WaitClosedAsync()
    {
        try
        {
            Assert.Equal(0, await Socket.ReceiveAsync(new byte[1]).WaitAsync(EngineProcess.Patience));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
    }

    /// <summary>Closes with a reset instead of an end.</summary>
    internal void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public void Dispose() => Socket.Dispose();
}
