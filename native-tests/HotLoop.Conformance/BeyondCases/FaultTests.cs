using System.Buffers;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Memory of the caller's that throws when it is looked at: its own call fails, nothing else.</summary>
public sealed class FaultTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task A_write_of_it_throws_and_the_connection_goes_on(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        using Treacherous memory = new(64, good: 0);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await conn.WriteAsync(memory.Memory));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await conn.WriteAsync(new ReadOnlySequence<byte>(memory.Memory)));
        await RequireWorking(conn, peer);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_waiting_write_of_it_ends_with_the_exception(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        using Treacherous memory = new(4 * Scenario.Flood, good: 3);
        ValueTask<IoResult> write = conn.TryWriteAsync(memory.Memory);
        Assert.False(write.IsCompleted);
        Task<IoResult> drain = Scenario.ReadUpTo(peer, long.MaxValue);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await write);
        _ = await Scenario.Write(conn, 1);
        conn.Close();
        Assert.Null((await drain).Error);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_waiting_read_into_it_ends_with_the_exception(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        using Treacherous memory = new(64, good: 1);
        ValueTask<IoResult> read = conn.TryReadAsync(memory.Memory);
        Assert.False(read.IsCompleted);
        _ = await Scenario.Write(peer, 1);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await read);
        Assert.Equal(1, (await Scenario.Read(conn)).Count);
        await RequireWorking(conn, peer);
    });

    private static async Task RequireWorking(Conn conn, Conn peer)
    {
        Assert.Equal(new IoResult(5, null), await Scenario.Write(conn, 5));
        Assert.Equal(new IoResult(5, null), await Scenario.Read(peer));
        conn.Close();
    }

    // Gives its memory so many times and then no more.
    private sealed class Treacherous(int size, int good) : MemoryManager<byte>
    {
        private readonly byte[] _bytes = new byte[size];
        private int _good = good;

        // Asking the manager would already look at it.
        public override Memory<byte> Memory => CreateMemory(_bytes.Length);

        public override Span<byte> GetSpan() => _good-- > 0 ? _bytes : throw new InvalidDataException();

        public override MemoryHandle Pin(int elementIndex = 0) => throw new InvalidDataException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
