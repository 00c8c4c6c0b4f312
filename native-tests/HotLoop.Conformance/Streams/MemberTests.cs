using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>What a stream says about itself, and which arguments it takes.</summary>
public sealed class MemberTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task It_reads_writes_and_times_out_but_does_not_seek(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        Assert.Same(conn, stream.Conn);
        Assert.True(stream is { CanRead: true, CanWrite: true, CanTimeout: true, CanSeek: false });
        Assert.True(stream is { ReadTimeout: Timeout.Infinite, WriteTimeout: Timeout.Infinite });
    });

    [Theory, ClassData(typeof(Backends))]
    public Task After_Dispose_it_can_nothing(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        ConnStream stream = conn.AsStream();
        await stream.DisposeAsync();
        Assert.True(stream is { CanRead: false, CanWrite: false, CanSeek: false });
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_has_neither_length_nor_position(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        ConnStream stream = conn.AsStream();
        for (int i = 0; i < 2; i++)
        {
            Assert.Throws<NotSupportedException>(() => stream.Length);
            Assert.Throws<NotSupportedException>(() => stream.Position);
            Assert.Throws<NotSupportedException>(() => stream.Position = 0);
            Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
            Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
            stream.Dispose();
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Arguments_of_reads_and_writes_are_checked_at_once(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        List<Action<byte[], int, int>> calls =
        [
            (buffer, offset, count) => _ = stream.Read(buffer, offset, count),
            (buffer, offset, count) => stream.Write(buffer, offset, count),
            (buffer, offset, count) => _ = stream.ReadAsync(buffer, offset, count, CancellationToken.None),
            (buffer, offset, count) => _ = stream.WriteAsync(buffer, offset, count, CancellationToken.None),
            (buffer, offset, count) => stream.BeginRead(buffer, offset, count, null, null),
            (buffer, offset, count) => stream.BeginWrite(buffer, offset, count, null, null),
        ];
        foreach (Action<byte[], int, int> call in calls)
        {
            Assert.Throws<ArgumentNullException>("buffer", () => call(null!, 0, 0));
            Assert.Throws<ArgumentOutOfRangeException>("offset", () => call(new byte[2], -1, 1));
            Assert.Throws<ArgumentOutOfRangeException>("count", () => call(new byte[2], 1, -1));
            Assert.Throws<ArgumentOutOfRangeException>("count", () => call(new byte[2], 0, 3));
            Assert.Throws<ArgumentOutOfRangeException>("count", () => call(new byte[2], 2, 1));
            Assert.Throws<ArgumentOutOfRangeException>("count", () => call(new byte[2], int.MaxValue, int.MaxValue));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Arguments_of_a_copy_are_checked_at_once(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        MemoryStream closed = new();
        await closed.DisposeAsync();
        List<Action<Stream, int>> calls = [stream.CopyTo, (to, size) => _ = stream.CopyToAsync(to, size)];
        foreach (Action<Stream, int> call in calls)
        {
            Assert.Throws<ArgumentNullException>("destination", () => call(null!, 1));
            Assert.Throws<ArgumentOutOfRangeException>("bufferSize", () => call(new MemoryStream(), 0));
            Assert.Throws<ArgumentOutOfRangeException>("bufferSize", () => call(new MemoryStream(), -1));
            Assert.Throws<NotSupportedException>(() => call(new MemoryStream([], writable: false), 1));
            Assert.Throws<ObjectDisposedException>(() => call(closed, 1));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_timeout_is_positive_or_infinite(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        foreach (int wrong in new[] { 0, -2, int.MinValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => stream.ReadTimeout = wrong);
            Assert.Throws<ArgumentOutOfRangeException>(() => stream.WriteTimeout = wrong);
        }

        foreach (int right in new[] { 1, int.MaxValue, Timeout.Infinite })
        {
            stream.ReadTimeout = right;
            stream.WriteTimeout = right;
            Assert.Equal((right, right), (stream.ReadTimeout, stream.WriteTimeout));
            await stream.WriteAsync(new byte[1]);
        }
    });
}
