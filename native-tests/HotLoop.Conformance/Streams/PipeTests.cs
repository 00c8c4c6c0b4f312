using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>Bytes through a connection's pipes.</summary>
public sealed class PipeTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task Bytes_go_both_ways(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        IDuplexPipe one = conn.AsPipe();
        IDuplexPipe two = peer.AsPipe();
        await Task.WhenAll(Send(one), Send(two), Receive(one), Receive(two));
        Assert.Equal(OpErrorKind.Closed, (await Scenario.Read(conn)).Error?.Kind);
        Assert.Equal(OpErrorKind.Closed, (await Scenario.Read(peer)).Error?.Kind);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Lines_are_found_across_reads(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        IDuplexPipe pipe = conn.AsPipe(new StreamPipeReaderOptions(bufferSize: 8, minimumReadSize: 1, useZeroByteReads: true));
        Task send = Task.Run(async () =>
        {
            foreach (string part in new[] { "on", "e\ntwo\nth", "r", "ee, which is longer than a buffer\n", "\nfi", "ve" })
            {
                await peer.WriteAsync(Encoding.ASCII.GetBytes(part));
                await Task.Yield();
            }

            peer.CloseWrite();
        });
        List<string> lines = [];
        ReadResult result;
        do
        {
            result = await pipe.Input.ReadAsync();
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (TryTakeLine(ref buffer, out string? line))
            {
                lines.Add(line);
            }

            if (result.IsCompleted)
            {
                lines.Add(Encoding.ASCII.GetString(buffer.ToArray()));
                buffer = buffer.Slice(buffer.End);
            }

            pipe.Input.AdvanceTo(buffer.Start, buffer.End);
        }
        while (!result.IsCompleted);
        await send;
        Assert.Equal(["one", "two", "three, which is longer than a buffer", "", "five"], lines);
        await pipe.Input.CompleteAsync();
        await pipe.Output.CompleteAsync();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_writer_waits_for_a_peer_that_does_not_read(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        IDuplexPipe pipe = conn.AsPipe();
        pipe.Output.Write(NumberedBytes.Make(0, Scenario.Flood));
        ValueTask<FlushResult> flush = pipe.Output.FlushAsync();
        Assert.False(flush.IsCompleted);
        long position = 0;
        await Scenario.ReadUpTo(peer, Scenario.Flood, part =>
        {
            NumberedBytes.Check(position, part.Span);
            position += part.Length;
        });
        Assert.False((await flush).IsCompleted);
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_reader_takes_no_more_than_a_buffer_unasked(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn peer, Conn conn) = await t.NarrowPair();
        IDuplexPipe pipe = conn.AsPipe(new StreamPipeReaderOptions(bufferSize: 4096, useZeroByteReads: true));
        Task<IoResult> flood = peer.TryWriteAsync(new byte[Scenario.Flood]).AsTask();
        Assert.False(flood.IsCompleted);
        for (int i = 0; i < 3; i++)
        {
            ReadResult result = await pipe.Input.ReadAsync();
            Assert.InRange(result.Buffer.Length, 1, 4096);
            pipe.Input.AdvanceTo(result.Buffer.Start);
        }

        Assert.False(flood.IsCompleted);
        await pipe.Input.CompleteAsync();
        await pipe.Output.CompleteAsync();
        Assert.NotNull((await flood).Error);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_pending_read_is_canceled_and_the_next_gets_the_bytes(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        IDuplexPipe pipe = conn.AsPipe();
        for (int i = 0; i < 10; i++)
        {
            ValueTask<ReadResult> read = pipe.Input.ReadAsync();
            Assert.False(read.IsCompleted);
            pipe.Input.CancelPendingRead();
            ReadResult canceled = await read;
            Assert.True(canceled is { IsCanceled: true, IsCompleted: false });
            pipe.Input.AdvanceTo(canceled.Buffer.End);
            await peer.WriteAsync(new byte[3]);
            ReadResult result = await pipe.Input.ReadAsync();
            Assert.Equal((3, false), (result.Buffer.Length, result.IsCanceled));
            pipe.Input.AdvanceTo(result.Buffer.End);
        }

        await pipe.Input.CompleteAsync();
        await pipe.Output.CompleteAsync();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_pending_flush_is_canceled(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        IDuplexPipe pipe = conn.AsPipe();
        ValueTask<FlushResult> flush = pipe.Output.WriteAsync(new byte[Scenario.Flood]);
        Assert.False(flush.IsCompleted);
        pipe.Output.CancelPendingFlush();
        Assert.True((await flush).IsCanceled);
        conn.Close();
    });

    // A pipe gives what it has not sent again, from the start of a segment.
    [Theory, ClassData(typeof(Backends))]
    public Task What_canceled_flushes_have_sent_is_not_sent_again(BackendKind backend) =>
        RunBoth(backend, t => SendInTries(t, async (conn, pipe, bytes) =>
        {
            ValueTask<FlushResult> flush = pipe.Output.WriteAsync(bytes);
            if (!flush.IsCompleted)
            {
                pipe.Output.CancelPendingFlush();
            }

            _ = await flush;
        }));

    [Theory, ClassData(typeof(Backends))]
    public Task What_flushes_ended_by_a_deadline_have_sent_is_not_sent_again(BackendKind backend) =>
        RunBoth(backend, t => SendInTries(t, async (conn, pipe, bytes) =>
        {
            conn.SetWriteDeadline(Timing.In(1));
            try
            {
                _ = await pipe.Output.WriteAsync(bytes);
            }
            catch (OpError e) when (e.Timeout)
            {
                // The rest goes with the next.
            }

            conn.SetWriteDeadline(Deadline.None);
        }));

    private static async Task SendInTries(Scenario t, Func<Conn, IDuplexPipe, Memory<byte>, Task> trySend)
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        IDuplexPipe pipe = conn.AsPipe();
        byte[] sent = new byte[3 * Scenario.Flood];
        new Random(9).NextBytes(sent);
        List<byte> got = [];
        Task<IoResult>? drain = null;
        for (int offset = 0; offset < sent.Length; offset += Scenario.Flood)
        {
            await trySend(conn, pipe, sent.AsMemory(offset, Scenario.Flood));
            drain ??= Task.Run(() => Scenario.ReadUpTo(peer, long.MaxValue, part => got.AddRange(part.Span)));
        }

        await pipe.Output.CompleteAsync();
        _ = await drain!;
        Assert.True(sent.AsSpan().SequenceEqual(got.ToArray()));
        await pipe.Input.CompleteAsync();
    }

    private static async Task Send(IDuplexPipe pipe)
    {
        for (int position = 0; position < Scenario.Flood; position += 1024)
        {
            NumberedBytes.Make(position, 1024).CopyTo(pipe.Output.GetSpan(1024));
            pipe.Output.Advance(1024);
            await pipe.Output.FlushAsync();
        }

        await pipe.Output.CompleteAsync();
    }

    private static async Task Receive(IDuplexPipe pipe)
    {
        long position = 0;
        ReadResult result;
        do
        {
            result = await pipe.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                NumberedBytes.Check(position, part.Span);
                position += part.Length;
            }

            pipe.Input.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        Assert.Equal(Scenario.Flood, position);
        await pipe.Input.CompleteAsync();
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, [NotNullWhen(true)] out string? line)
    {
        SequencePosition? end = buffer.PositionOf((byte)'\n');
        line = end is null ? null : Encoding.ASCII.GetString(buffer.Slice(0, end.Value).ToArray());
        buffer = end is null ? buffer : buffer.Slice(buffer.GetPosition(1, end.Value));
        return line is not null;
    }
}
