using HotLoop.TestKit;

namespace HotLoop.Conformance.Held;

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
}
