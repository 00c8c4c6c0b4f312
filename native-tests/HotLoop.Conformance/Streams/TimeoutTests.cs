using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>ReadTimeout and WriteTimeout hold for every call, each for itself.</summary>
public sealed class TimeoutTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Short = 30;

    [Theory, ClassData(typeof(Backends))]
    public Task A_read_ends_after_it_and_the_stream_goes_on(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        stream.ReadTimeout = Short;
        using CancellationTokenSource source = new();
        foreach (CancellationToken token in new[] { CancellationToken.None, source.Token })
        {
            foreach (int size in new[] { 0, 8 })
            {
                Stopwatch watch = Stopwatch.StartNew();
                await Ends.TimedOut(stream.ReadAsync(new byte[size], token).AsTask());
                Timing.About(watch, Short);
            }
        }

        stream.ReadTimeout = 5000;
        await peer.WriteAsync(new byte[3]);
        Assert.Equal(3, await stream.ReadAsync(new byte[8]));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Each_read_has_it_anew(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        stream.ReadTimeout = 500;
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 700)
        {
            ValueTask<int> read = stream.ReadAsync(new byte[8]);
            await Task.Delay(50); // each read waits; together longer than one may
            await peer.WriteAsync(new byte[1]);
            Assert.Equal(1, await read);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_write_ends_after_it_and_the_stream_goes_on(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        await using ConnStream stream = conn.AsStream();
        stream.WriteTimeout = Short;
        Stopwatch watch = Stopwatch.StartNew();
        await Ends.TimedOut(stream.WriteAsync(new byte[Scenario.Flood]).AsTask());
        Timing.About(watch, Short);
        await Ends.TimedOut(stream.WriteAsync(new byte[Scenario.Flood]).AsTask());
        stream.WriteTimeout = Timeout.Infinite;
        ValueTask write = stream.WriteAsync(new byte[Scenario.Flood]);
        Task<IoResult> drain = Scenario.ReadUpTo(peer, long.MaxValue);
        await write;
        stream.CloseWrite();
        Assert.Null((await drain).Error);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Infinite_clears_what_the_last_call_set(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        stream.ReadTimeout = Short;
        await Ends.TimedOut(stream.ReadAsync(new byte[8]).AsTask());
        stream.ReadTimeout = Timeout.Infinite;
        Task<int> read = stream.ReadAsync(new byte[8]).AsTask();
        await Task.Delay(2 * Short); // past the time-out that was cleared
        Assert.False(read.IsCompleted);
        await peer.WriteAsync(new byte[3]);
        Assert.Equal(3, await read);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Without_one_the_connections_deadline_is_left_alone(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, _) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        conn.SetDeadline(Deadline.Past);
        stream.ReadTimeout = Timeout.Infinite;
        stream.WriteTimeout = Timeout.Infinite;
        await Ends.TimedOut(stream.ReadAsync(new byte[8]).AsTask());
        await Ends.TimedOut(stream.WriteAsync(new byte[8]).AsTask());
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Synchronous_calls_end_after_it_too(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        await using ConnStream stream = conn.AsStream();
        stream.ReadTimeout = Short;
        stream.WriteTimeout = Short;
        Stopwatch watch = Stopwatch.StartNew();
        await Ends.TimedOut(Task.Run(() => stream.Read(new byte[8])));
        Timing.About(watch, Short);
        watch.Restart();
        await Ends.TimedOut(Task.Run(() => stream.Write(new byte[Scenario.Flood])));
        Timing.About(watch, Short);
        await peer.WriteAsync(new byte[3]);
        Assert.Equal(3, await Task.Run(() => stream.Read(new byte[8])));
    });
}
