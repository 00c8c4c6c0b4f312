using System.Buffers;
using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Write;

/// <summary>Writes of several buffers: Go's net.Buffers.</summary>
public sealed class WritePartsTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Half = 300_000;

    private static readonly ReadOnlySequence<byte> s_few = Parts.Of("abc"u8.ToArray(), [], "de"u8.ToArray(), [], "f"u8.ToArray());
    private static readonly ReadOnlySequence<byte> s_many = Parts.Of(Enumerable.Range(0, 3000).Select(i => new byte[] { (byte)i, 1 }));

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.buffers/1-5")]
    public Task All_parts_arrive_in_as_few_calls_as_the_kernel_allows(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await Check(t, "write.buffers/1", conn, s_few);
        t.Check("write.buffers/2", await conn.TryWriteAsync(ReadOnlySequence<byte>.Empty));
        await Check(t, "write.buffers/3", conn, s_many);

        List<byte> got = [];
        t.Check("write.buffers/4", await Scenario.ReadUpTo(peer, 6006, part => got.AddRange(part.Span)));
        Assert.Equal([.. s_few.ToArray(), .. s_many.ToArray()], got);

        conn.Close();
        ReadOnlySequence<byte> one = Parts.Of("x"u8.ToArray());
        CopyResult closed = await conn.TryWriteAsync(one);
        t.Check("write.buffers/5", closed);
        t.CheckExtra("write.buffers/5", "len_after", Parts.CountLeft(one, closed.Count));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.buffers/6")]
    public Task A_deadline_leaves_a_part_written(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        ReadOnlySequence<byte> parts = Parts.Of(Enumerable.Repeat(new byte[64 * 1024], 64));
        Stopwatch watch = Stopwatch.StartNew();
        conn.SetWriteDeadline(Timing.In(80));
        CopyResult result = await conn.TryWriteAsync(parts);
        t.Check("write.buffers/6", result, Counts.Some);
        t.About(watch, 80);
        t.CheckExtra("write.buffers/6", "n_plus_left", result.Count + parts.Slice(result.Count).Length);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("write.buffers/7")]
    public Task No_other_write_comes_in_between(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        byte[] part = Filled('A', Half);
        Task<CopyResult> parts = conn.TryWriteAsync(Parts.Of(part, part)).AsTask();
        Task<IoResult> whole = conn.TryWriteAsync(Filled('B', 2 * Half)).AsTask();
        Assert.False(parts.IsCompleted || whole.IsCompleted);

        int runs = 0;
        int last = 0;
        t.Check("write.buffers/7", await Scenario.ReadUpTo(peer, 4 * Half, some =>
        {
            foreach (byte b in some.Span)
            {
                runs += b == last ? 0 : 1;
                last = b;
            }
        }));
        t.CheckExtra("write.buffers/7", "runs", runs);
        Assert.Equal((new CopyResult(2 * Half, null), new IoResult(2 * Half, null)), (await parts, await whole));
    });

    private static async Task Check(Scenario t, string id, Conn conn, ReadOnlySequence<byte> parts)
    {
        CopyResult result = await conn.TryWriteAsync(parts);
        t.Check(id, result);
        t.CheckExtra(id, "len_after", Parts.CountLeft(parts, result.Count));
        t.CheckExtra(id, "write_syscalls_counted", await CountCalls(t, parts));
    }

    // On a network of records every call makes one.
    private static async Task<int> CountCalls(Scenario t, ReadOnlySequence<byte> parts)
    {
        using Listener listener = t.Listen("unixpacket", "");
        Conn conn = await t.Dial(listener.Address.ToString(), "unixpacket");
        Conn peer = await t.Accept(listener);
        Assert.Equal(new CopyResult(parts.Length, null), await conn.TryWriteAsync(parts));
        conn.Close();
        int calls = 0;
        while ((await Scenario.Read(peer, 4096)).Count > 0)
        {
            calls++;
        }

        return calls;
    }

    private static byte[] Filled(char value, int count)
    {
        byte[] bytes = new byte[count];
        bytes.AsSpan().Fill((byte)value);
        return bytes;
    }
}
