using HotLoop.TestKit;

namespace HotLoop.Stress.Races;

/// <summary>Close against writes that wait, while the peer makes room.</summary>
public sealed class CloseOfWriteTests(LoopsFixture loops) : StressTests(loops)
{
    [Theory, ClassData(typeof(Settings))]
    public Task Close_ends_every_write_and_the_peer_has_what_was_counted(Setting setting) => Race(setting, 300, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        Task<IoResult>[] writes =
            [.. Enumerable.Range(0, t.Random.Next(1, 4)).Select(_ => t.Watch(SocketScope.Write(conn, SocketScope.Flood)))];
        Assert.All(writes, write => Assert.False(write.IsCompleted));
        Task<IoResult>? drain = null;
        Task race = t.Race(conn.Close, () => drain = SocketScope.ReadUpTo(peer, long.MaxValue));
        IoResult[] results = await Task.WhenAll(writes);
        await race;
        Assert.All(
            results,
            r => Assert.True(r.Error is null ? r.Count == SocketScope.Flood : r.Error.Kind == OpErrorKind.Closed, r.ToString()));
        Assert.Equal(new IoResult(results.Sum(r => r.Count), null), await drain!);
    });
}
