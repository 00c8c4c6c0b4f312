using System.Net.Security;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>TLS over a connection's stream: what most users want the stream for.</summary>
public sealed class TlsTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task Messages_go_to_and_fro(BackendKind backend) => RunBoth(backend, async t =>
    {
        (SslStream client, SslStream server) = await Tls.Pair(t);
        Assert.True(client is { IsAuthenticated: true, IsEncrypted: true });
        Task echo = Tls.Echo(server);
        byte[] buffer = new byte[100];
        for (int i = 0; i < 100; i++)
        {
            byte[] message = NumberedBytes.Make(i, 1 + i);
            await client.WriteAsync(message);
            await client.ReadExactlyAsync(buffer.AsMemory(0, message.Length));
            NumberedBytes.Check(i, buffer.AsSpan(0, message.Length));
            t.RequirePlace();
        }

        await client.ShutdownAsync();
        await echo;
        Assert.Equal(0, await client.ReadAsync(buffer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Many_bytes_go_both_ways_in_pieces_of_any_size(BackendKind backend) => RunBoth(backend, async t =>
    {
        (SslStream client, SslStream server) = await Tls.Pair(t);
        await Task.WhenAll(Send(client, 1), Send(server, 2), Receive(client, 3), Receive(server, 4));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_zero_byte_read_waits_for_a_record(BackendKind backend) => RunBoth(backend, async t =>
    {
        (SslStream client, SslStream server) = await Tls.Pair(t);
        Task<int> wait = client.ReadAsync(Memory<byte>.Empty).AsTask();
        await server.WriteAsync(new byte[3]);
        Assert.Equal(0, await wait);
        await client.ReadExactlyAsync(new byte[3]);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task The_end_is_told_by_close_notify(BackendKind backend) => RunBoth(backend, async t =>
    {
        (SslStream client, SslStream server) = await Tls.Pair(t);
        await client.WriteAsync(new byte[3]);
        await client.ShutdownAsync();
        byte[] buffer = new byte[8];
        await server.ReadExactlyAsync(buffer.AsMemory(0, 3));
        Assert.Equal(0, await server.ReadAsync(buffer));
        await server.WriteAsync(new byte[4]);
        await client.ReadExactlyAsync(buffer.AsMemory(0, 4));
        await server.DisposeAsync();
        Assert.Equal(0, await client.ReadAsync(buffer));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_hundred_connections_shake_hands_at_once(BackendKind backend) => RunBoth(backend, async t =>
    {
        using Listener listener = t.Listen();
        List<Task> all = [];
        for (int i = 0; i < 100; i++)
        {
            Conn conn = await t.Dial(listener);
            Conn peer = await t.Accept(listener);
            all.Add(Serve(peer));
            all.Add(RoundTrip(conn, i));
        }

        await Task.WhenAll(all);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task It_blocks_threads_if_they_like(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task serve = Serve(peer);
        await Task.Factory.StartNew(
            () =>
            {
                using SslStream client = new(conn.AsStream());
                client.AuthenticateAsClient(Tls.ClientOptions);
                client.Write(NumberedBytes.Make(0, 10_000));
                byte[] back = new byte[10_000];
                client.ReadExactly(back);
                NumberedBytes.Check(0, back);
                client.ShutdownAsync().GetAwaiter().GetResult();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await serve;
    });

    private static async Task Serve(Conn conn)
    {
        await using SslStream stream = await Tls.Server(conn);
        await Tls.Echo(stream);
    }

    private static async Task RoundTrip(Conn conn, int number)
    {
        await using SslStream stream = await Tls.Client(conn);
        await stream.WriteAsync(NumberedBytes.Make(number, 1000));
        byte[] back = new byte[1000];
        await stream.ReadExactlyAsync(back);
        NumberedBytes.Check(number, back);
        await stream.ShutdownAsync();
        Assert.Equal(0, await stream.ReadAsync(back));
    }

    private static async Task Send(SslStream stream, int seed)
    {
        Random random = new(seed);
        int position = 0;
        while (position < Scenario.Flood)
        {
            int count = Math.Min(random.Next(1, 40_000), Scenario.Flood - position);
            await stream.WriteAsync(NumberedBytes.Make(position, count));
            position += count;
        }

        await stream.ShutdownAsync();
    }

    private static async Task Receive(SslStream stream, int seed)
    {
        Random random = new(seed);
        byte[] buffer = new byte[40_000];
        int position = 0;
        int count;
        while ((count = await stream.ReadAsync(buffer.AsMemory(0, random.Next(1, buffer.Length)))) > 0)
        {
            NumberedBytes.Check(position, buffer.AsSpan(0, count));
            position += count;
        }

        Assert.Equal(Scenario.Flood, position);
    }
}
