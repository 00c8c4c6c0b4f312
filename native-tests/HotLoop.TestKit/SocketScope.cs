using Xunit;

namespace HotLoop.TestKit;

/// <summary>One run of a test's body, on a loop or off the loops: makes sockets, and closes them at the end.</summary>
public class SocketScope(LoopGroup loops, bool onLoop) : IDisposable
{
    // Kernel buffers small enough for a write of Flood bytes to wait. A receive window below the loopback's segment of 64 KiB would have
    // the sender wait for its persist timer, 200 ms, each time that the window has closed.
    private const int NarrowBuffer = 64 * 1024;

    private readonly Stack<IDisposable> _owned = [];

    /// <summary>More bytes than two narrow buffers hold.</summary>
    public static int Flood => 1024 * 1024;

    public LoopGroup Loops { get; } = loops;

    public bool OnLoop { get; } = onLoop;

    public string Place => OnLoop ? "on the loop" : "off the loop";

    /// <summary>Runs <paramref name="body"/> on the first loop, or on a thread of the pool.</summary>
    // Task.Run leaves the runner's own synchronization context behind.
    public Task RunInPlace(Func<Task> body) => Task.Run(async () =>
    {
        if (OnLoop)
        {
            await Loops.Loops[0].SwitchTo();
        }

        await body();
        RequirePlace();
    });

    /// <summary>Code that began on a loop is still there after each await, and other code never is on a loop's thread.</summary>
    public void RequirePlace() => Assert.True(
        OnLoop ? Loops.Loops[0].IsCurrent : Loop.Current is null, OnLoop ? "the loop was left" : "resumed on a loop's thread");

    /// <summary>Closes it when the scope has ended.</summary>
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

    public Task<Conn> Dial(Listener listener) => Dial(listener.Address.ToString(), listener.Address.Network);

    public async Task<Conn> Accept(Listener listener) => Own(await listener.AcceptAsync());

    /// <summary>Two ends of one connection.</summary>
    public virtual async Task<(Conn Conn, Conn Peer)> Pair()
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

    public static OpError? ErrorOf(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (OpError e)
        {
            return e;
        }
    }

    /// <summary>Closes what it owns. It may be used further.</summary>
    public virtual void Dispose()
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
