using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>Asynchronous reads and writes that nothing disturbs.</summary>
public sealed class ReadTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task A_read_gives_what_is_there_and_no_more_than_asked(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        await peer.WriteAsync("hello"u8.ToArray());
        await KernelView.Of(conn).UntilAvailable(5);
        byte[] buffer = new byte[8];
        Assert.Equal(2, await stream.ReadAsync(buffer.AsMemory(0, 2)));
        Assert.Equal(3, await stream.ReadAsync(buffer, 2, 6));
        Assert.Equal("hello\0\0\0"u8, buffer);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_read_waits_for_the_first_byte(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        foreach (CancellationToken token in new[] { CancellationToken.None, source.Token })
        {
            byte[] buffer = new byte[8];
            ValueTask<int> read = stream.ReadAsync(buffer, token);
            Assert.False(read.IsCompleted);
            await peer.WriteAsync(new byte[] { 7 });
            Assert.Equal(1, await read);
            Assert.Equal(7, buffer[0]);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task The_end_of_the_stream_is_zero_bytes_again_and_again(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        peer.CloseWrite();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0, await stream.ReadAsync(new byte[8]));
            Assert.Equal(0, await stream.ReadAsync(new byte[8], source.Token));
            Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task ReadExactly_gathers_and_fails_at_an_early_end(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        byte[] buffer = new byte[6];
        ValueTask all = stream.ReadExactlyAsync(buffer);
        await peer.WriteAsync("abc"u8.ToArray());
        await peer.WriteAsync("defg"u8.ToArray());
        await all;
        Assert.Equal("abcdef"u8, buffer);
        peer.CloseWrite();
        await Assert.ThrowsAsync<EndOfStreamException>(async () => await stream.ReadExactlyAsync(buffer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task ReadAtLeast_stops_when_it_has_enough(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        byte[] buffer = new byte[100];
        await peer.WriteAsync(new byte[3]);
        await KernelView.Of(conn).UntilAvailable(3);
        Assert.Equal(3, await stream.ReadAtLeastAsync(buffer, 2));
        ValueTask<int> more = stream.ReadAtLeastAsync(buffer, 4);
        await peer.WriteAsync(new byte[3]);
        await peer.WriteAsync(new byte[1]);
        Assert.Equal(4, await more);
        peer.CloseWrite();
        Assert.Equal(0, await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_write_takes_the_part_of_the_array_that_is_meant(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        await stream.WriteAsync("0123456789"u8.ToArray(), 2, 3);
        await stream.WriteAsync("0123456789"u8.ToArray().AsMemory(7));
        await stream.WriteAsync(Memory<byte>.Empty);
        await stream.FlushAsync();
        byte[] got = new byte[6];
        await peer.AsStream(leaveOpen: true).ReadExactlyAsync(got);
        Assert.Equal("234789"u8, got);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_long_write_ends_when_the_peer_has_made_room(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        long position = 0;
        foreach (CancellationToken token in new[] { CancellationToken.None, source.Token })
        {
            ValueTask write = stream.WriteAsync(NumberedBytes.Make(position, Scenario.Flood), token);
            Assert.False(write.IsCompleted);
            Assert.Null((await Scenario.ReadUpTo(peer, Scenario.Flood, part =>
            {
                NumberedBytes.Check(position, part.Span);
                position += part.Length;
            })).Error);
            await write;
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Ending_one_half_leaves_the_other(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        stream.CloseWrite();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
        await Ends.With(System.Net.Sockets.SocketError.Shutdown, stream.WriteAsync(new byte[1]).AsTask());
        await peer.WriteAsync(new byte[3]);
        Assert.Equal(3, await stream.ReadAsync(new byte[8]));
    });
}
