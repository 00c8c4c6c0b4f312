using System.Net;
using System.Net.Sockets;

namespace HotLoop.Load.Tests;

/// <summary>A server that does with each connection what the test says; of .NET's own sockets, so that it shares no code with the load.</summary>
internal sealed class TcpPeer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Task> _running = [];
    private readonly List<Socket> _connections = [];
    private readonly Task _accepting;
    private int _accepted;

    /// <param name="serve">What becomes of a connection, and which of all it is; afterwards it is closed.</param>
    internal TcpPeer(Func<Socket, int, Task> serve)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1000);
        _accepting = AcceptAsync(serve);
    }

    internal LoadTarget Echo => new(LoadProtocol.Echo, _listener.LocalEndPoint!.ToString()!, "");

    internal LoadTarget Http => new(LoadProtocol.Http, _listener.LocalEndPoint!.ToString()!, "/path");

    internal int Accepted => Volatile.Read(ref _accepted);

    internal static async Task EchoAsync(Socket connection, int number = 0)
    {
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = await connection.ReceiveAsync(buffer)) > 0)
        {
            await SendAllAsync(connection, buffer.AsMemory(0, count));
        }
    }

    internal static async Task SendAllAsync(Socket connection, ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0)
        {
            data = data[await connection.SendAsync(data)..];
        }
    }

    internal static void Reset(Socket connection) => connection.LingerState = new LingerOption(true, 0);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        lock (_connections)
        {
            _connections.ForEach(c => c.Dispose());
        }

        await Task.WhenAll(_running);
    }

    private async Task AcceptAsync(Func<Socket, int, Task> serve)
    {
        try
        {
            while (true)
            {
                Socket connection = await _listener.AcceptAsync();
                connection.NoDelay = true;
                lock (_connections)
                {
                    _connections.Add(connection);
                }

                _running.Add(RunAsync(connection, serve, Interlocked.Increment(ref _accepted)));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task RunAsync(Socket connection, Func<Socket, int, Task> serve, int number)
    {
        try
        {
            await serve(connection, number);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side, or the test, has ended it.
        }
        finally
        {
            connection.Dispose();
        }
    }
}
