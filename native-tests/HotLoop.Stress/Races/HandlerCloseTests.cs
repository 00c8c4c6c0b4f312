using HotLoop.TestKit;

namespace HotLoop.Stress.Races;

/// <summary>A handler that closes its own connection, while operations of its own wait there.</summary>
public sealed class HandlerCloseTests(LoopsFixture loops) : StressTests(loops)
{
    [Theory, ClassData(typeof(Settings))]
    public Task A_handler_may_close_its_connection_under_its_own_operations(Setting setting) => Race(setting, 400, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        bool reads = t.Random.Next(2) == 0;
        bool writes = t.Random.Next(2) == 0;
        bool isAsked = t.Random.Next(2) == 0;
        int closes = t.Random.Next(1, 3);
        Task handling = StressRun.Handle(conn, async c =>
        {
            if (isAsked)
            {
                Assert.Equal(1, await c.ReadAsync(new byte[8]));
            }

            Task<IoResult>? read = reads ? t.Watch(SocketScope.Read(c)) : null;
            Task<IoResult>? write = writes ? t.Watch(SocketScope.Write(c, SocketScope.Flood)) : null;
            c.Close();
            for (int i = 1; i < closes; i++)
            {
                Assert.Equal(OpErrorKind.Closed, SocketScope.ErrorOf(c.Close)?.Kind);
            }

            Assert.Equal(OpErrorKind.Closed, read is null ? OpErrorKind.Closed : (await read).Error?.Kind);
            IoResult written = write is null ? default : await write; // all of it, when the peer was fast enough
            Assert.True(written.Error is null or { Kind: OpErrorKind.Closed }, written.ToString());
            Assert.Equal(OpErrorKind.Closed, (await t.Watch(SocketScope.Write(c))).Error?.Kind);
            Assert.True(c.Loop.IsCurrent);
        });
        if (isAsked)
        {
            await t.Race(() => _ = peer.TryWriteAsync(new byte[1]));
        }

        Assert.Null((await SocketScope.ReadUpTo(peer, long.MaxValue)).Error);
        await handling;
    });

    [Theory, ClassData(typeof(Settings))]
    public Task A_handler_that_closes_meets_others_that_close(Setting setting) => Race(setting, 400, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        int succeeded = 0;
        void Close() => Interlocked.Add(ref succeeded, SocketScope.ErrorOf(conn.Close) is null ? 1 : 0);
        Task handling = StressRun.Handle(conn, async c =>
        {
            Task<IoResult> waiting = t.Watch(SocketScope.Read(c));
            await t.Watch(SocketScope.Read(c)); // the second byte, or Close
            Close();
            await waiting;
        });
        await t.Race(Close, () => _ = peer.TryWriteAsync(new byte[1]), () => _ = peer.TryWriteAsync(new byte[1]));
        await handling;
        Assert.Equal(1, succeeded);
    });
}
