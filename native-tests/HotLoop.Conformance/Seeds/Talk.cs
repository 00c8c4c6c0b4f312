using HotLoop.Native;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Seeds;

/// <summary>
/// One conversation's sockets, and calls that go on after an error which a plan gives: such an error is told to the caller, and takes
/// nothing with it.
/// </summary>
internal sealed class Talk(LoopGroup loops, bool onLoop, string network, int seed) : SocketScope(loops, onLoop)
{
    private const int HelloBytes = 4;

    private Listener? _listener;
    private int _pairs;

    internal Random Random { get; } = new(seed);

    internal bool IsTcp => network == "tcp";

    /// <summary>A plan gives it: the operation may be tried again.</summary>
    internal static bool IsGiven(OpError? error) =>
        error?.Errno is Errno.ENOBUFS or Errno.ENOMEM or Errno.ENOSPC or Errno.EMFILE or Errno.ENFILE;

    internal Listener Listen() => Listen(network, IsTcp ? "127.0.0.1:0" : $"@hotloop-{Guid.NewGuid():n}");

    /// <summary>Two ends of one connection. A dial that failed may have left a dead connection in the queue: the first bytes tell.</summary>
    public override async Task<(Conn Conn, Conn Peer)> Pair()
    {
        _listener ??= Listen();
        Conn conn = await Connect(_listener.Address);
        int number = ++_pairs;
        Require(await Write(conn, BitConverter.GetBytes(number)), HelloBytes);
        while (true)
        {
            Conn peer = await Take(_listener);
            byte[] hello = new byte[HelloBytes];
            if ((await Read(peer, hello)).Count == HelloBytes && BitConverter.ToInt32(hello) == number)
            {
                return (conn, peer);
            }

            peer.Dispose();
        }
    }

    internal async Task<Conn> Connect(NetAddress address)
    {
        while (true)
        {
            try
            {
                return Own(await Dialer().DialAsync(address.Network, address.ToString()));
            }
            catch (OpError e) when (IsGiven(e))
            {
                // Again.
            }
        }
    }

    internal async Task<Conn> Take(Listener listener) => await TryTake(listener) ?? throw new InvalidOperationException("closed");

    /// <summary>Null when the listener is closed.</summary>
    internal async Task<Conn?> TryTake(Listener listener)
    {
        AcceptResult result;
        do
        {
            result = await listener.TryAcceptAsync();
        }
        while (IsGiven(result.Error));
        Assert.True(result.Error is null or { Kind: OpErrorKind.Closed }, $"{result.Error}");
        return result.Conn is { } conn ? Own(conn) : null;
    }

    /// <summary>One read: at least a byte, or the end, or an error that no plan gives.</summary>
    internal static async Task<IoResult> ReadSome(Conn conn, Memory<byte> buffer)
    {
        IoResult result;
        do
        {
            result = await conn.TryReadAsync(buffer);
        }
        while (IsGiven(result.Error));
        return result;
    }

    /// <summary>Reads until the buffer is full, or the end, or an error.</summary>
    internal static async Task<IoResult> Read(Conn conn, Memory<byte> buffer)
    {
        int count = 0;
        while (count < buffer.Length)
        {
            IoResult result = await ReadSome(conn, buffer[count..]);
            if (result.Count == 0)
            {
                return new IoResult(count, result.Error);
            }

            count += result.Count;
        }

        return new IoResult(count, null);
    }

    /// <summary>Writes it all, or as much as goes until an error.</summary>
    internal static async Task<IoResult> Write(Conn conn, ReadOnlyMemory<byte> buffer)
    {
        int count = 0;
        while (true)
        {
            IoResult result = await conn.TryWriteAsync(buffer[count..]);
            count += result.Count;
            if (!IsGiven(result.Error))
            {
                return new IoResult(count, result.Error);
            }
        }
    }

    internal static void Require(IoResult result, int count) => Assert.Equal(new IoResult(count, null), result);

    /// <summary>Starts a flow beside the conversation, in its place or on the pool.</summary>
    internal Task Start(Func<Task> flow) => OnLoop && Random.Next(4) != 0 ? flow() : Task.Run(flow);

    /// <summary>As the other, with a result.</summary>
    internal Task<T> Start<T>(Func<Task<T>> flow) => OnLoop && Random.Next(4) != 0 ? flow() : Task.Run(flow);
}
