using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace HotLoop.Soak.Tests.Kit;

/// <summary>An echo server on stock sockets, in this process, with a flaw.</summary>
internal sealed class FlawedServer : IDisposable
{
    private const int BlockBytes = 64 * 1024;
    private const int BlocksToFlaw = 500;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<Socket> _kept = [];
    private readonly Flaw _flaw;
    private int _blocks;

    internal FlawedServer(Flaw flaw)
    {
        _flaw = flaw;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        _ = AcceptAsync();
    }

    internal string Address => _listener.LocalEndPoint!.ToString()!;

    public void Dispose()
    {
        _listener.Dispose();
        foreach (Socket socket in _kept)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        byte[] block = new byte[BlockBytes];
        try
        {
            int n;
            while ((n = await socket.ReceiveAsync(block.AsMemory())) > 0)
            {
                if (_flaw == Flaw.WrongByte && Interlocked.Increment(ref _blocks) % BlocksToFlaw == 0)
                {
                    block[n / 2] ^= 1;
                }

                for (int sent = 0; sent < n;)
                {
                    sent += await socket.SendAsync(block.AsMemory(sent, n - sent));
                }
            }

            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The client reset the connection.
        }

        if (_flaw == Flaw.KeepsDescriptors)
        {
            _kept.Add(socket);
        }
        else
        {
            socket.Dispose();
        }
    }
}
