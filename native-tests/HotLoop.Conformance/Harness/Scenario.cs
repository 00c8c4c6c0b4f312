using System.Net;
using System.Net.Sockets;

namespace HotLoop.Conformance;

/// <summary>One run of a test's body: makes sockets, closes them at the end, and compares results with Go's.</summary>
public sealed partial class Scenario(LoopGroup loops, bool onLoop, IReadOnlyList<string> declared) : IDisposable
{
    /// <summary>Kernel buffers small enough for a write of <see cref="Flood"/> bytes to wait.</summary>
    private const int NarrowBuffer = 16 * 1024;

    private readonly Stack<IDisposable> _owned = [];

    /// <summary>More bytes than two narrow buffers hold.</summary>
    public static int Flood => 1024 * 1024;

    public LoopGroup Loops { get; } = loops;

    public bool OnLoop { get; } = onLoop;

    public string Place => OnLoop ? "on the loop" : "off the loop";

    /// <summary>Closes it when the scenario has ended.</summary>
    public T Own<T>(T disposable)
        where T : IDisposable
    {
        lock (_owned)
        {
            _owned.Push(disposable);
        }

        return disposable;
    }

    public Listener Listen(string network = "tcp", string address = "127.0.0.1:0", int backlog = 0) =>
        Own(new ListenConfig { Loops = Loops, Backlog = backlog }.Listen(network, address));

    public Dialer Dialer(TimeSpan? timeout = null, Deadline deadline = default, NetAddress? local = null) =>
        new() { Loops = Loops, Timeout = timeout, Deadline = deadline, LocalAddress = local };

    public async Task<Conn> Dial(string address, string network = "tcp") => Own(await Dialer().DialAsync(network, address));

    public Task<Conn> Dial(Listener listener) => Dial(listener.Address.ToString());

    public async Task<Conn> Accept(Listener listener) => Own(await listener.AcceptAsync());

    /// <summary>Two ends of one connection.</summary>
    public async Task<(Conn Conn, Conn Peer)> Pair()
    {
        using Listener listener = Listen();
        Conn conn = await Dial(listener);
        return (conn, await Accept(listener));
    }

    /// <summary>Two ends with small kernel buffers from the first towards the second.</summary>
    public async Task<(Conn Conn, Conn Peer)> NarrowPair()
    {
        (Conn conn, Conn peer) = await Pair();
        conn.SetWriteBuffer(NarrowBuffer);
        peer.SetReadBuffer(NarrowBuffer);
        return (conn, peer);
    }

    /// <summary>A listener whose queue is full: a further connect waits.</summary>
    public async Task<Listener> FullListener()
    {
        Listener listener = Listen(backlog: 1);
        _ = await Dial(listener);
        _ = await Dial(listener);
        return listener;
    }

    /// <summary>A port, of both families, that is taken but where nobody listens.</summary>
    public int RefusingPort()
    {
        Socket socket = Own(new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true });
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static ValueTask<IoResult> Read(Conn conn, int size = 64) => conn.TryReadAsync(new byte[size]);

    public static ValueTask<IoResult> Write(Conn conn, int size = 5) => conn.TryWriteAsync(new byte[size]);

    /// <summary>Reads until <paramref name="count"/> bytes have come, or the end, or an error.</summary>
    public static async Task<IoResult> ReadUpTo(Conn conn, long count, Action<ReadOnlyMemory<byte>>? each = null)
    {
        byte[] buffer = new byte[64 * 1024];
        int total = 0;
        while (total < count)
        {
            IoResult result = await conn.TryReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count - total)));
            if (result.Count == 0)
            {
                return new IoResult(total, result.Error);
            }

            each?.Invoke(buffer.AsMemory(0, result.Count));
            total += result.Count;
        }

        return new IoResult(total, null);
    }

    /// <summary>Resets the connection: a Close that sends RST instead of FIN.</summary>
    public static void Reset(Conn conn)
    {
        conn.SetLinger(0);
        conn.Close();
    }

    public void Dispose()
    {
        lock (_owned)
        {
            while (_owned.TryPop(out IDisposable? disposable))
            {
                disposable.Dispose();
            }
        }
    }
}
