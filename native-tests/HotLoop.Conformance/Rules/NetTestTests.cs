using HotLoop.TestKit;

namespace HotLoop.Conformance.Rules;

/// <summary>The sub-tests of golang.org/x/net/nettest.TestConn that no observed case covers.</summary>
public sealed class NetTestTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task PingPong(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await Task.WhenAll(Bounce(conn, first: true), Bounce(peer, first: false));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task RacyRead(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task sending = Task.Run(async () =>
        {
            byte[] data = new byte[1024];
            while ((await peer.TryWriteAsync(data)).Error is null)
            {
            }
        });
        conn.SetReadDeadline(Timing.In(1));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
        {
            byte[] buffer = new byte[1024];
            for (int i = 0; i < 100; i++)
            {
                IoResult result = await conn.TryReadAsync(buffer);
                Array.Fill(buffer, (byte)i);
                Renew(result, conn.SetReadDeadline);
                Assert.All(buffer, b => Assert.Equal((byte)i, b));
            }
        })));
        conn.Close();
        await sending;
    });

    [Theory, ClassData(typeof(Backends))]
    public Task RacyWrite(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<IoResult> drain = Scenario.ReadUpTo(peer, long.MaxValue);
        conn.SetWriteDeadline(Timing.In(1));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
        {
            byte[] buffer = new byte[1024];
            for (int i = 0; i < 100; i++)
            {
                IoResult result = await conn.TryWriteAsync(buffer);
                Array.Fill(buffer, (byte)i);
                Renew(result, conn.SetWriteDeadline);
            }
        })));
        conn.Close();
        Assert.Null((await drain).Error);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task PastTimeout(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task echo = Echo.Run(peer);
        await Echo.RoundTrip(conn);
        conn.SetDeadline(Deadline.Past);
        Assert.True(await Scenario.Write(conn, 1024) is { Count: 0, Error.Timeout: true });
        Assert.True(await Scenario.Read(conn, 1024) is { Count: 0, Error.Timeout: true });
        await Echo.RoundTrip(conn);
        conn.Close();
        await echo;
    });

    [Theory, ClassData(typeof(Backends))]
    public Task PresentTimeout(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        bool expiring = false;
        Task expire = Task.Run(async () =>
        {
            await Task.Delay(100);
            Volatile.Write(ref expiring, true);
            conn.SetReadDeadline(Deadline.Past);
            conn.SetWriteDeadline(Deadline.Past);
        });
        Task<IoResult> read = Scenario.Read(conn, 1024).AsTask();
        OpError? writeError = await WriteUntilError(conn);
        Assert.True(writeError!.Timeout);
        Assert.True(Volatile.Read(ref expiring));
        Assert.True(await read is { Count: 0, Error.Timeout: true });
        await expire;
    });

    [Theory, ClassData(typeof(Backends))]
    public Task FutureTimeout(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        conn.SetDeadline(Timing.In(100));
        Task<IoResult> read = Scenario.Read(conn, 1024).AsTask();
        Assert.True((await WriteUntilError(conn))!.Timeout);
        Assert.True(await read is { Count: 0, Error.Timeout: true });
        Task echo = Echo.Run(peer);
        await Echo.Resynchronize(conn);
        await Echo.RoundTrip(conn);
        conn.Close();
        await echo;
    });

    [Theory, ClassData(typeof(Backends))]
    public Task CloseTimeout(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task echo = Echo.Run(peer);
        Task close = Task.Run(async () =>
        {
            await Task.Delay(100);
            conn.Close();
        });
        Task<IoResult> read = Scenario.ReadUpTo(conn, long.MaxValue);
        Assert.NotNull(await WriteUntilError(conn));
        Assert.NotNull((await read).Error);
        await close;
        await echo;
    });

    private static async Task<OpError?> WriteUntilError(Conn conn)
    {
        byte[] part = new byte[1024];
        IoResult result;
        do
        {
            result = await conn.TryWriteAsync(part);
        }
        while (result.Error is null);
        return result.Error;
    }

    private static void Renew(IoResult result, Action<Deadline> set)
    {
        if (result.Error is not null)
        {
            Assert.True(result.Error.Timeout, result.Error.Message);
            set(Timing.In(1));
        }
    }

    private static async Task Bounce(Conn conn, bool first)
    {
        byte[] buffer = new byte[8];
        ulong previous = 0;
        if (first)
        {
            await conn.WriteAsync(buffer);
        }

        while (previous < 1000)
        {
            IoResult result = await Scenario.ReadUpTo(conn, 8, part => part.CopyTo(buffer));
            if (result.Count == 0)
            {
                break;
            }

            ulong value = BitConverter.ToUInt64(buffer);
            Assert.True(previous == 0 || value == previous + 2);
            previous = value;
            BitConverter.TryWriteBytes(buffer, value + 1);
            await conn.WriteAsync(buffer);
        }

        conn.CloseWrite();
    }
}
