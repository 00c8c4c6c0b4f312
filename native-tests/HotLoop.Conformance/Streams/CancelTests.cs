using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>A token ends the wait of its own call, and nothing else.</summary>
public sealed class CancelTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task A_token_that_was_canceled_before_keeps_the_call_from_starting(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        await peer.WriteAsync(new byte[5]);
        await KernelView.Of(conn).UntilAvailable(5);
        CancellationToken canceled = new(canceled: true);
        await Ends.Canceled(stream.ReadAsync(new byte[5], canceled).AsTask(), canceled);
        await Ends.Canceled(stream.ReadAsync(new byte[5], 0, 5, canceled), canceled);
        await Ends.Canceled(stream.ReadAsync(Memory<byte>.Empty, canceled).AsTask(), canceled);
        await Ends.Canceled(stream.WriteAsync(new byte[5], canceled).AsTask(), canceled);
        await Ends.Canceled(stream.WriteAsync(new byte[5], 0, 5, canceled), canceled);
        await Ends.Canceled(stream.CopyToAsync(Stream.Null, canceled), canceled);
        await Ends.Canceled(stream.CopyToAsync(stream, canceled), canceled);
        Assert.Equal(5, await stream.ReadAsync(new byte[8]));
        conn.CloseWrite();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_waiting_read_ends_and_the_next_gets_the_bytes(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        for (int i = 0; i < 3; i++)
        {
            using CancellationTokenSource source = new();
            byte[] untouched = new byte[8];
            Task<int> read = stream.ReadAsync(untouched, source.Token).AsTask();
            Assert.False(read.IsCompleted);
            await source.CancelAsync();
            await Ends.Canceled(read, source.Token);
            await peer.WriteAsync("hello"u8.ToArray());
            byte[] buffer = new byte[8];
            Assert.Equal(5, await stream.ReadAsync(buffer));
            Assert.Equal("hello\0\0\0"u8, buffer);
            Assert.Equal(new byte[8], untouched);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_waiting_write_ends_and_the_next_goes_on_behind_its_part(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        byte[] flood = new byte[Scenario.Flood];
        Task write = stream.WriteAsync(flood, source.Token).AsTask();
        Assert.False(write.IsCompleted);
        await source.CancelAsync();
        await Ends.Canceled(write, source.Token);
        ValueTask next = stream.WriteAsync(new byte[] { 1, 2, 3 });
        List<byte> got = [];
        byte[] buffer = new byte[64 * 1024];
        while (got.Count == 0 || got[^1] != 3)
        {
            int count = await peer.ReadAsync(buffer);
            got.AddRange(buffer.AsSpan(0, count));
        }

        await next;
        Assert.InRange(got.Count, 4, Scenario.Flood);
        Assert.All(got.SkipLast(3), b => Assert.Equal(0, b));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_token_that_comes_late_does_nothing(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        ValueTask<int> read = stream.ReadAsync(new byte[8], source.Token);
        await peer.WriteAsync(new byte[1]);
        Assert.Equal(1, await read);
        Task<int> next = stream.ReadAsync(new byte[8]).AsTask();
        await source.CancelAsync();
        Assert.False(next.IsCompleted);
        await peer.WriteAsync(new byte[2]);
        Assert.Equal(2, await next);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task One_direction_does_not_feel_the_token_of_the_other(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        Task write = stream.WriteAsync(new byte[Scenario.Flood]).AsTask();
        Task<int> read = stream.ReadAsync(new byte[8], source.Token).AsTask();
        await source.CancelAsync();
        await Ends.Canceled(read, source.Token);
        Assert.False(write.IsCompleted);
        Assert.Equal(Scenario.Flood, (await Scenario.ReadUpTo(peer, Scenario.Flood)).Count);
        await write;
    });

    [Theory, ClassData(typeof(Backends))]
    public Task One_token_ends_many_calls_at_once(BackendKind backend) => RunBoth(backend, async t =>
    {
        using CancellationTokenSource source = new();
        List<Task> calls = [];
        for (int i = 0; i < 20; i++)
        {
            (Conn conn, _) = await t.NarrowPair();
            ConnStream stream = conn.AsStream();
            calls.Add(stream.ReadAsync(new byte[1], source.Token).AsTask());
            calls.Add(stream.ReadAsync(Memory<byte>.Empty, source.Token).AsTask());
            calls.Add(stream.WriteAsync(new byte[Scenario.Flood], source.Token).AsTask());
        }

        await source.CancelAsync();
        foreach (Task call in calls)
        {
            await Ends.Canceled(call, source.Token);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_call_may_be_canceled_from_its_own_loop(BackendKind backend) => RunOnLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        for (int i = 0; i < 100; i++)
        {
            using CancellationTokenSource source = new();
            Task<int> read = stream.ReadAsync(new byte[1], source.Token).AsTask();
            source.Cancel();
            await Ends.Canceled(read, source.Token);
            await peer.WriteAsync(new byte[1]);
            Assert.Equal(1, await stream.ReadAsync(new byte[8]));
        }
    });
}
