using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>Copies to the end of the stream.</summary>
public sealed class CopyTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task All_bytes_go_to_another_kind_of_stream(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        MemoryStream gathered = new();
        Task copy = stream.CopyToAsync(gathered);
        await SendAll(peer);
        await copy;
        Assert.Equal(Scenario.Flood, gathered.Length);
        NumberedBytes.Check(0, gathered.ToArray());
    });

    [Theory, ClassData(typeof(Backends))]
    public Task All_bytes_go_to_another_connection(BackendKind backend) => RunBoth(backend, async t =>
    {
        using CancellationTokenSource source = new();
        foreach (CancellationToken token in new[] { CancellationToken.None, source.Token })
        {
            (Conn conn, Conn peer) = await t.Pair();
            (Conn to, Conn end) = await t.Pair();
            await using ConnStream stream = conn.AsStream();
            await using ConnStream destination = to.AsStream();
            Task copy = stream.CopyToAsync(destination, token);
            Task send = SendAll(peer);
            await CheckAll(end, Scenario.Flood);
            await send;
            await copy;
            destination.CloseWrite();
            Assert.Equal(new IoResult(0, null), await Scenario.Read(end));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_token_ends_a_copy_and_the_streams_go_on(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        (Conn to, Conn end) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        await using ConnStream destination = to.AsStream();
        using CancellationTokenSource source = new();
        Task copy = stream.CopyToAsync(destination, source.Token);
        await peer.WriteAsync(NumberedBytes.Make(0, 5));
        await CheckAll(end, 5);
        await source.CancelAsync();
        await Ends.Canceled(copy, source.Token);
        Task rest = stream.CopyToAsync(destination);
        Task send = SendAll(peer);
        await CheckAll(end, Scenario.Flood);
        await send;
        await rest;
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_timeout_of_either_stream_ends_a_copy(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        (Conn to, _) = await t.NarrowPair();
        await using ConnStream stream = conn.AsStream();
        await using ConnStream destination = to.AsStream();
        stream.ReadTimeout = 20;
        await Ends.TimedOut(stream.CopyToAsync(destination));
        stream.ReadTimeout = Timeout.Infinite;
        destination.WriteTimeout = 20;
        Task send = peer.TryWriteAsync(new byte[4 * Scenario.Flood]).AsTask();
        await Ends.TimedOut(stream.CopyToAsync(destination));
        await stream.DisposeAsync();
        await send;
    });

    private static async Task SendAll(Conn peer)
    {
        await peer.WriteAsync(NumberedBytes.Make(0, Scenario.Flood));
        peer.CloseWrite();
    }

    private static async Task CheckAll(Conn end, int count)
    {
        long position = 0;
        IoResult result = await Scenario.ReadUpTo(end, count, part =>
        {
            NumberedBytes.Check(position, part.Span);
            position += part.Length;
        });
        Assert.Equal(new IoResult(count, null), result);
    }
}
