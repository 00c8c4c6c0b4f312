using HotLoop.TestKit;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>More descriptors that are watched by events than completions fit into their queue, in debug builds.</summary>
public sealed class ManyEventsTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Pairs = 60;
    private const int Rounds = 10;

    // Each poll that ended for want of room was requested again at once, completed at once, and so took the room of another: for ever,
    // and with an event each time.
    [Theory, ClassData(typeof(Backends))]
    public Task Polls_that_end_for_want_of_room_do_not_keep_ending_each_other(BackendKind backend) => RunBoth(backend, async t =>
    {
        for (int round = 0; round < Rounds; round++)
        {
            List<(Conn Conn, Conn Peer)> pairs = [];
            List<Task<IoResult>> reads = [];
            for (int i = 0; i < Pairs; i++)
            {
                (Conn conn, Conn peer) pair = await t.Pair();
                pair.conn.SyscallConn().Control(static _ => { }); // bytes are to stay in the socket from here on
                pairs.Add(pair);
                reads.Add(Scenario.Read(pair.conn).AsTask());
            }

            foreach ((_, Conn peer) in pairs)
            {
                _ = await Scenario.Write(peer, 5);
            }

            Assert.All(await Task.WhenAll(reads), read => Assert.Equal(new IoResult(5, null), read));
            reads = [.. pairs.Select(pair => Scenario.Read(pair.Conn).AsTask())];
            for (int i = 0; i < Pairs; i++)
            {
                (i % 2 == 0 ? pairs[i].Conn : pairs[i].Peer).Close();
            }

            IoResult[] ends = await Task.WhenAll(reads);
            for (int i = 0; i < Pairs; i++)
            {
                Assert.Equal(i % 2 == 0 ? OpErrorKind.Closed : null, ends[i].Error?.Kind);
            }

            pairs.ForEach(pair => pair.Conn.Dispose());
            pairs.ForEach(pair => pair.Peer.Dispose());
        }
    });

    // They were left out as long as completions overflowed, and those of busy connections keep them overflowing.
    [Theory, ClassData(typeof(Backends))]
    public Task Who_is_watched_by_events_is_served_while_others_keep_the_queue_full(BackendKind backend) => RunBoth(backend, async t =>
    {
        List<(Conn Conn, Conn Peer)> busy = [];
        List<Task> bouncing = [];
        for (int i = 0; i < Pairs; i++)
        {
            (Conn conn, Conn peer) pair = await t.Pair();
            busy.Add(pair);
            bouncing.AddRange([BounceAsync(pair.conn), BounceAsync(pair.peer)]);
            _ = await Scenario.Write(pair.peer, 5);
        }

        (Conn watched, Conn other) = await t.Pair();
        watched.SyscallConn().Control(static _ => { });
        for (int i = 0; i < Rounds; i++)
        {
            Task<IoResult> read = Scenario.Read(watched).AsTask();
            _ = await Scenario.Write(other, 5);
            Assert.Equal(new IoResult(5, null), await read);
        }

        busy.ForEach(pair => pair.Conn.Dispose());
        busy.ForEach(pair => pair.Peer.Dispose());
        await Task.WhenAll(bouncing);
    });

    private static async Task BounceAsync(Conn conn)
    {
        byte[] buffer = new byte[16];
        IoResult read;
        do
        {
            read = await conn.TryReadAsync(buffer);
        }
        while (read.Count > 0 && (await conn.TryWriteAsync(buffer.AsMemory(0, read.Count))).Error is null);
    }
}
