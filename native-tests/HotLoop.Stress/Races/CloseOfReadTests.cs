using HotLoop.TestKit;

namespace HotLoop.Stress.Races;

/// <summary>Close against reads that wait, one parked and others in line, with and without data on its way.</summary>
public sealed class CloseOfReadTests(LoopsFixture loops) : StressTests(loops)
{
    [Theory, ClassData(typeof(Settings))]
    public Task Close_ends_every_read_that_waits(Setting setting) => Race(setting, 500, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<IoResult>[] reads = [.. Enumerable.Range(0, t.Random.Next(1, 4)).Select(_ => t.Watch(SocketScope.Read(conn)))];
        Assert.All(reads, read => Assert.False(read.IsCompleted));
        int sent = t.Random.Next(2);
        Task race = t.Race(conn.Close, () => _ = peer.TryWriteAsync(new byte[sent]));
        IoResult[] results = await Task.WhenAll(reads);
        await race;
        Assert.All(results, r => Assert.True(r is { Count: 1, Error: null } or { Count: 0, Error.Kind: OpErrorKind.Closed }, r.ToString()));
        Assert.True(results.Sum(r => r.Count) <= sent);
        Assert.Equal(OpErrorKind.Closed, (await t.Watch(SocketScope.Read(conn))).Error?.Kind);
    });

    [Theory, ClassData(typeof(Settings))]
    public Task Close_ends_a_lease_that_waits_or_hands_it_out(Setting setting) => Race(setting, 300, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<ReadLease> read = t.Watch(conn.TryReadLeaseAsync());
        Assert.False(read.IsCompleted);
        byte value = (byte)t.Iteration;
        Task race = t.Race(conn.Close, () => _ = peer.TryWriteAsync(new[] { value }));
        using ReadLease lease = await read;
        await race;
        Assert.True(lease.Error is null ? lease.Memory.Span[0] == value : lease.Error.Kind == OpErrorKind.Closed, lease.Error?.Message);
    });
}
