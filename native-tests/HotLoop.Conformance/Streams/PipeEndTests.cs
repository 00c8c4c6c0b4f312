using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>How pipes end: each half for itself, the connection with the second, and by what goes wrong.</summary>
public sealed class PipeEndTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task Completing_Output_is_the_peers_end_of_stream_and_Input_goes_on(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        IDuplexPipe pipe = conn.AsPipe();
        await pipe.Output.WriteAsync("bye"u8.ToArray());
        pipe.Output.Complete();
        Assert.Equal(3, (await Scenario.Read(peer)).Count);
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
        await peer.WriteAsync(new byte[5]);
        ReadResult result = await pipe.Input.ReadAsync();
        Assert.Equal(5, result.Buffer.Length);
        pipe.Input.AdvanceTo(result.Buffer.End);
        pipe.Input.Complete();
        Assert.Equal(OpErrorKind.Closed, (await Scenario.Read(conn)).Error?.Kind);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Completing_Input_leaves_Output(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        IDuplexPipe pipe = conn.AsPipe();
        await pipe.Input.CompleteAsync();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(conn));
        await pipe.Output.WriteAsync("still"u8.ToArray());
        Assert.Equal(5, (await Scenario.Read(peer)).Count);
        await pipe.Output.CompleteAsync();
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
        Assert.Equal(OpErrorKind.Closed, (await Scenario.Write(conn)).Error?.Kind);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task CompleteAsync_sends_what_was_not_flushed(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        IDuplexPipe pipe = conn.AsPipe();
        pipe.Output.Write(NumberedBytes.Make(0, Scenario.Flood));
        ValueTask complete = pipe.Output.CompleteAsync();
        Assert.False(complete.IsCompleted);
        long position = 0;
        IoResult result = await Scenario.ReadUpTo(peer, long.MaxValue, part =>
        {
            NumberedBytes.Check(position, part.Span);
            position += part.Length;
        });
        await complete;
        Assert.Equal(new IoResult(Scenario.Flood, null), result);
        await pipe.Input.CompleteAsync();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Complete_with_unflushed_bytes_blocks_and_so_is_refused_on_a_loop(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        IDuplexPipe pipe = conn.AsPipe();
        pipe.Output.Write("bye"u8);
        if (t.OnLoop)
        {
            Assert.Throws<InvalidOperationException>(() => pipe.Output.Complete());
        }
        else
        {
            pipe.Output.Complete();
            Assert.Equal(3, (await Scenario.Read(peer)).Count);
        }

        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
        pipe.Input.Complete();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Completing_with_an_error_drops_what_was_not_flushed(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        IDuplexPipe pipe = conn.AsPipe();
        pipe.Output.Write("half a"u8);
        await pipe.Output.CompleteAsync(new InvalidDataException());
        Assert.Equal(new IoResult(0, null), await Scenario.Read(peer));
        await pipe.Input.CompleteAsync(new InvalidDataException());
        Assert.Equal(OpErrorKind.Closed, (await Scenario.Read(conn)).Error?.Kind);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Completing_twice_or_after_Close_does_nothing(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        IDuplexPipe pipe = conn.AsPipe();
        await pipe.Output.CompleteAsync();
        await pipe.Output.CompleteAsync();
        await peer.WriteAsync(new byte[1]);
        Assert.Equal(1, (await Scenario.Read(conn)).Count);
        conn.Close();
        await pipe.Input.CompleteAsync();
        pipe.Input.Complete();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Deadlines_come_out_of_ReadAsync_and_FlushAsync(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        IDuplexPipe pipe = conn.AsPipe();
        conn.SetDeadline(Timing.In(20));
        Task read = pipe.Input.ReadAsync().AsTask();
        Task flush = pipe.Output.WriteAsync(new byte[Scenario.Flood]).AsTask();
        await Ends.TimedOut(read);
        await Ends.TimedOut(flush);
        conn.SetDeadline(Deadline.None);
        await peer.WriteAsync(new byte[3]);
        ReadResult result = await pipe.Input.ReadAsync();
        Assert.Equal(3, result.Buffer.Length);
        conn.Close();
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_reset_comes_out_of_ReadAsync_and_FlushAsync(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        IDuplexPipe pipe = conn.AsPipe();
        Task read = pipe.Input.ReadAsync().AsTask();
        Scenario.Reset(peer);
        await Ends.With(SocketError.ConnectionReset, read);
        await Ends.With(SocketError.Shutdown, pipe.Output.WriteAsync(new byte[3]).AsTask());
        await pipe.Input.CompleteAsync();
        await pipe.Output.CompleteAsync(new InvalidDataException());
        Assert.Equal(OpErrorKind.Closed, (await Scenario.Read(conn)).Error?.Kind);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Close_ends_what_waits(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        IDuplexPipe pipe = conn.AsPipe();
        Task read = pipe.Input.ReadAsync().AsTask();
        Task flush = pipe.Output.WriteAsync(new byte[Scenario.Flood]).AsTask();
        conn.Close();
        await Ends.Closed(read);
        await Ends.Closed(flush);
    });
}
