using System.Buffers;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Writes of few and of many buffers.</summary>
public sealed class PartCountTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task All_parts_arrive_in_order(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        foreach (int count in new[] { 0, 1, 2, 1024, 1025, 3000 })
        {
            await Send(conn, peer, Parts.Of(Enumerable.Range(0, count).Select(i => new byte[] { (byte)i, (byte)(i >> 8), 7 })));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Empty_parts_are_nothing(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await Send(conn, peer, Parts.Of([], [], []));
        await Send(conn, peer, Parts.Of([], "a"u8.ToArray(), [], [], "b"u8.ToArray(), []));
        await Send(conn, peer, Parts.Of(Enumerable.Range(0, 5000).Select(i => new byte[i % 2])));
    });

    // The kernel takes a few parts and a half, again and again.
    [Theory, ClassData(typeof(Backends))]
    public Task A_slow_reader_gets_them_too(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        byte[] all = Pattern.Bytes(Scenario.Flood);
        foreach (int size in new[] { 333, 16 * 1024, Scenario.Flood })
        {
            await Send(conn, peer, Parts.Of(all.Chunk(size)), atOnce: 1000);
        }
    });

    private static async Task Send(Conn conn, Conn peer, ReadOnlySequence<byte> parts, int atOnce = 64 * 1024)
    {
        Task<CopyResult> write = conn.TryWriteAsync(parts).AsTask();
        byte[] got = new byte[parts.Length];
        for (int count = 0; count < got.Length;)
        {
            IoResult read = await peer.TryReadAsync(got.AsMemory(count, Math.Min(atOnce, got.Length - count)));
            Assert.True(read.Count > 0, read.Error?.Message ?? "ended");
            count += read.Count;
        }

        Assert.Equal(new CopyResult(got.Length, null), await write);
        Pattern.AssertSame(parts.ToArray(), got);
    }
}
