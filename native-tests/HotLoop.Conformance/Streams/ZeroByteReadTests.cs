using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>A read into an empty buffer waits until the next one would not, and takes nothing.</summary>
public sealed class ZeroByteReadTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task It_waits_for_data_and_leaves_it(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        foreach (CancellationToken token in new[] { CancellationToken.None, source.Token })
        {
            ValueTask<int> wait = stream.ReadAsync(Memory<byte>.Empty, token);
            Assert.False(wait.IsCompleted);
            await peer.WriteAsync("hello"u8.ToArray());
            Assert.Equal(0, await wait);
            Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty, token));
            Assert.Equal(0, await stream.ReadAsync([], 0, 0, token));
            byte[] buffer = new byte[8];
            await stream.ReadExactlyAsync(buffer.AsMemory(0, 5), token);
            Assert.Equal("hello\0\0\0"u8, buffer);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_ends_at_the_end_of_the_stream(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        ValueTask<int> wait = stream.ReadAsync(Memory<byte>.Empty);
        peer.CloseWrite();
        Assert.Equal(0, await wait);
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    });

    /// <summary>
    /// The kernel tells a reset once, to whoever asks first; a wait that kept it to itself would turn a broken stream into one that ended
    /// well. What follows is the same as after any read that was told.
    /// </summary>
    [Theory, ClassData(typeof(Backends))]
    public Task It_tells_of_a_reset_and_the_next_read_finds_the_end(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        Task<int> wait = stream.ReadAsync(Memory<byte>.Empty).AsTask();
        Scenario.Reset(peer);
        await Ends.With(SocketError.ConnectionReset, wait);
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        await Ends.With(SocketError.Shutdown, stream.WriteAsync(new byte[1]).AsTask());
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_tells_of_a_reset_that_has_happened(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        KernelView view = KernelView.Of(conn);
        Scenario.Reset(peer);
        await view.UntilReset();
        await Ends.With(SocketError.ConnectionReset, stream.ReadAsync(Memory<byte>.Empty).AsTask());
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_ends_at_the_deadline(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        Task<int> wait = stream.ReadAsync(Memory<byte>.Empty).AsTask();
        conn.SetReadDeadline(Timing.In(10));
        await Ends.TimedOut(wait);
        await peer.WriteAsync(new byte[1]);
        await KernelView.Of(conn).UntilAvailable(1);
        await Ends.TimedOut(stream.ReadAsync(Memory<byte>.Empty).AsTask());
        conn.SetReadDeadline(Deadline.None);
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(1, await stream.ReadAsync(new byte[8]));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_ends_by_its_token_and_takes_nothing(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        Task<int> wait = stream.ReadAsync(Memory<byte>.Empty, source.Token).AsTask();
        await source.CancelAsync();
        await Ends.Canceled(wait, source.Token);
        await peer.WriteAsync(new byte[3]);
        Assert.Equal(3, await stream.ReadAsync(new byte[8]));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_ends_with_Close(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        Task<int> wait = stream.ReadAsync(Memory<byte>.Empty).AsTask();
        conn.Close();
        await Ends.Closed(wait);
        await Ends.Closed(stream.ReadAsync(Memory<byte>.Empty).AsTask());
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_waits_in_line_with_other_reads(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        Task<int> first = stream.ReadAsync(new byte[8]).AsTask();
        Task<int> wait = stream.ReadAsync(Memory<byte>.Empty).AsTask();
        Task<int> last = stream.ReadAsync(new byte[8]).AsTask();
        await peer.WriteAsync(new byte[3]);
        Assert.Equal(3, await first);
        Assert.False(wait.IsCompleted || last.IsCompleted);
        await peer.WriteAsync(new byte[2]);
        Assert.Equal(0, await wait);
        Assert.Equal(2, await last);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Code_that_does_not_ask_for_it_stays_on_the_loop_too(BackendKind backend) => RunOnLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        foreach (CancellationToken token in new[] { CancellationToken.None, source.Token })
        {
            foreach (int size in new[] { 0, 1 })
            {
                ValueTask<int> read = stream.ReadAsync(new byte[size], token);
                _ = Task.Run(() => peer.WriteAsync(new byte[1]).AsTask());
                Assert.Equal(size, await read.ConfigureAwait(false));
                t.RequirePlace();
            }

            Assert.Equal(1, await stream.ReadAsync(new byte[1], token).ConfigureAwait(false));
            t.RequirePlace();
        }
    });
}
