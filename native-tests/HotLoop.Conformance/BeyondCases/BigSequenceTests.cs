using System.Buffers;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Sequences of more bytes than an int counts: many segments over one block, so that they need no memory.</summary>
public sealed class BigSequenceTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const long Big = (2L << 30) + (64 * Block);
    private const int Block = 1 << 20;

    // Each takes a second; more on a machine that is busy otherwise.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    // Twice, so that what comes is compared at once wherever in the block it begins.
    private static readonly byte[] s_twice = [.. Pattern.Bytes(Block), .. Pattern.Bytes(Block)];
    private static readonly ReadOnlySequence<byte> s_parts = Parts.Of(Enumerable.Repeat(s_twice[..Block], (int)(Big / Block)));

    // The peer stops once the kernel must have taken more than 2 GiB; the rest is too much for its buffers.
    [Theory, ClassData(typeof(Backends))]
    public Task What_is_written_when_it_fails_is_counted_and_the_rest_can_follow(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<CopyResult> write = conn.TryWriteAsync(s_parts).AsTask();
        long got = await Discard(peer, 0, int.MaxValue + 1L);
        conn.SetWriteDeadline(Deadline.Past);
        CopyResult result = await write;
        Assert.Equal(OpErrorKind.DeadlineExceeded, result.Error?.Kind);
        Assert.InRange(result.Count, int.MaxValue + 1L, Big - 1);

        conn.SetWriteDeadline(Deadline.None);
        Task<CopyResult> rest = conn.TryWriteAsync(s_parts.Slice(result.Count)).AsTask();
        await Discard(peer, got, Big);
        Assert.Equal(new CopyResult(Big - result.Count, null), await rest);
    }, s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task All_of_it_arrives(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<long> read = Discard(peer, 0, Big);
        await conn.WriteAsync(s_parts);
        Assert.Equal(Big, await read);
    }, s_limit);

    // What comes is looked at, and forgotten.
    private static async Task<long> Discard(Conn peer, long from, long to)
    {
        byte[] buffer = new byte[Block];
        long at = from;
        while (at < to)
        {
            IoResult result = await peer.TryReadAsync(buffer.AsMemory(0, (int)Math.Min(Block, to - at)));
            Assert.True(result.Count > 0, result.Error?.Message ?? "ended");
            Assert.True(s_twice.AsSpan((int)(at % Block), result.Count).SequenceEqual(buffer.AsSpan(0, result.Count)), $"other bytes after {at}");
            at += result.Count;
        }

        return at;
    }
}
