using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>The end of a stream's life.</summary>
public sealed class DisposeTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task After_it_members_say_so(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream other = peer.AsStream();
        ConnStream stream = conn.AsStream();
        await stream.DisposeAsync();
        byte[] buffer = new byte[1];
        List<Action> calls =
        [
            () => _ = stream.Read(buffer, 0, 1),
            () => _ = stream.Read(buffer),
            () => stream.ReadByte(),
            () => _ = stream.ReadAsync(buffer, 0, 1),
            () => _ = stream.ReadAsync(buffer),
            () => _ = stream.ReadAsync(Memory<byte>.Empty),
            () => stream.BeginRead(buffer, 0, 1, null, null),
            () => stream.Write(buffer, 0, 1),
            () => stream.Write(buffer),
            () => stream.WriteByte(0),
            () => _ = stream.WriteAsync(buffer, 0, 1),
            () => _ = stream.WriteAsync(buffer),
            () => stream.BeginWrite(buffer, 0, 1, null, null),
            () => stream.CopyTo(Stream.Null),
            () => _ = stream.CopyToAsync(Stream.Null),
            () => _ = stream.CopyToAsync(other),
            () => _ = other.CopyToAsync(stream),
            () => stream.ReadTimeout = 1,
            () => stream.WriteTimeout = 1,
            () => stream.CloseWrite(),
        ];
        Assert.All(calls, call => Assert.Throws<ObjectDisposedException>(call));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_closes_the_connection_and_may_be_repeated(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ConnStream stream = conn.AsStream();
        stream.Dispose();
        stream.Dispose();
        await stream.DisposeAsync();
        stream.Close();
        Assert.Equal(OpErrorKind.Closed, (await Scenario.Write(conn)).Error?.Kind);
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_leaves_the_connection_open_when_told_so(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ConnStream stream = conn.AsStream(leaveOpen: true);
        await stream.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => { _ = stream.ReadAsync(new byte[1]); });
        await using (ConnStream second = conn.AsStream())
        {
            await second.WriteAsync("still"u8.ToArray());
        }

        Assert.Equal(5, (await Scenario.Read(peer)).Count);
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_ends_what_waits(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        using CancellationTokenSource source = new();
        ConnStream stream = conn.AsStream();
        List<Task> waiting =
        [
            stream.ReadAsync(new byte[1]).AsTask(),
            stream.ReadAsync(new byte[1], source.Token).AsTask(),
            stream.ReadAsync(Memory<byte>.Empty).AsTask(),
            stream.ReadAsync(Memory<byte>.Empty, source.Token).AsTask(),
            stream.WriteAsync(new byte[Scenario.Flood]).AsTask(),
            stream.WriteAsync(new byte[1]).AsTask(),
            stream.WriteAsync(new byte[1], source.Token).AsTask(),
        ];
        Assert.All(waiting, call => Assert.False(call.IsCompleted));
        await stream.DisposeAsync();
        foreach (Task call in waiting)
        {
            await Ends.Closed(call);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_connection_closed_behind_the_stream_fails_its_calls(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        stream.ReadTimeout = 1000;
        stream.WriteTimeout = 1000;
        conn.Close();
        await Ends.Closed(stream.ReadAsync(new byte[1]).AsTask());
        await Ends.Closed(stream.ReadAsync(Memory<byte>.Empty).AsTask());
        await Ends.Closed(stream.WriteAsync(new byte[1]).AsTask());
    });
}
