using System.Net;
using System.Net.Sockets;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>
/// Connections of HotLoop whose other ends are sockets of .NET: nothing of HotLoop but the tested end takes part. What such a peer
/// sends from the loop's own thread has arrived before the loop looks.
/// </summary>
internal sealed class PlainPeers : IDisposable
{
    private const int PatienceMilliseconds = 5000;

    private readonly Scenario _scenario;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _scratch = new byte[64];
    private (Conn Conn, Socket Peer)? _turner;

    /// <param name="scenario">Closes the peers.</param>
    internal PlainPeers(Scenario scenario)
    {
        _scenario = scenario;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = _listener.LocalEndPoint!.ToString()!;
    }

    internal string Address { get; }

    /// <summary>A connection on the calling loop. One at a time: who connects is known by the order.</summary>
    internal async Task<(Conn Conn, Socket Peer)> Connect()
    {
        Conn conn = await _scenario.Dialer().DialAsync("tcp", Address);
        Socket peer = await Task.FromResult(_listener.Accept());
        peer.ReceiveTimeout = PatienceMilliseconds;
        peer.NoDelay = true;
        return (_scenario.Own(conn), _scenario.Own(peer));
    }

    /// <summary>As <see cref="Connect"/>; a read has waited on the loop, so from here on the poller may receive ahead.</summary>
    internal async Task<(Conn Conn, Socket Peer)> ConnectArmed()
    {
        (Conn conn, Socket peer) = await Connect();
        await Arm(conn, peer);
        return (conn, peer);
    }

    /// <summary>Has a read wait once. Nothing may be on its way.</summary>
    internal async Task Arm(Conn conn, Socket peer)
    {
        ValueTask<IoResult> read = conn.TryReadAsync(_scratch);
        Assert.False(read.IsCompleted);
        peer.Send(_scratch.AsSpan(0, 1));
        Assert.Equal(new IoResult(1, null), await read);
    }

    /// <summary>A message there and back: the loop has looked at all that had arrived before.</summary>
    internal async Task Turn()
    {
        _turner ??= await ConnectArmed();
        await RoundTrip(_turner.Value.Conn, _turner.Value.Peer);
    }

    internal static async Task RoundTrip(Conn conn, Socket peer)
    {
        byte[] buffer = new byte[64];
        ValueTask<IoResult> read = conn.TryReadAsync(buffer);
        peer.Send("turn"u8);
        Assert.Equal(new IoResult(4, null), await read);
        Assert.Equal(new IoResult(4, null), await conn.TryWriteAsync(buffer.AsMemory(0, 4)));
        Assert.Equal(4, peer.Receive(buffer));
    }

    /// <summary>Reads and checks what <see cref="Streams.NumberedBytes"/> made.</summary>
    internal static async Task ReadNumbered(Conn conn, long from, long count)
    {
        long at = from;
        IoResult result = await Scenario.ReadUpTo(conn, count, part =>
        {
            Streams.NumberedBytes.Check(at, part.Span);
            at += part.Length;
        });
        Assert.Equal(new IoResult((int)count, null), result);
    }

    /// <summary>Closes with a reset.</summary>
    internal static void Reset(Socket peer)
    {
        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();
    }

    public void Dispose() => _listener.Dispose();
}
