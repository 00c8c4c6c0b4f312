using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>Calls that wait in line behind another one of their direction give their place up when canceled.</summary>
public sealed class CancelLineTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task A_read_in_line_ends_at_once_and_the_others_keep_their_order(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        byte[] first = new byte[1];
        byte[] second = new byte[1];
        Task<int> head = stream.ReadAsync(first).AsTask();
        Task<int> gone = stream.ReadAsync(new byte[1], source.Token).AsTask();
        Task<int> gone2 = stream.ReadAsync(Memory<byte>.Empty, source.Token).AsTask();
        Task<int> next = stream.ReadAsync(second).AsTask();
        await source.CancelAsync();
        await Ends.Canceled(gone, source.Token);
        await Ends.Canceled(gone2, source.Token);
        Assert.False(head.IsCompleted || next.IsCompleted);
        await peer.WriteAsync("ab"u8.ToArray());
        Assert.Equal((1, 1), (await head, await next));
        Assert.Equal(((byte)'a', (byte)'b'), (first[0], second[0]));
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_write_in_line_ends_at_once_and_leaves_no_byte(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        Task head = stream.WriteAsync(NumberedBytes.Make(0, Scenario.Flood)).AsTask();
        Task gone = stream.WriteAsync(new byte[100], source.Token).AsTask();
        Task next = stream.WriteAsync(NumberedBytes.Make(Scenario.Flood, 100)).AsTask();
        await source.CancelAsync();
        await Ends.Canceled(gone, source.Token);
        long position = 0;
        await Scenario.ReadUpTo(peer, Scenario.Flood + 100, part =>
        {
            NumberedBytes.Check(position, part.Span);
            position += part.Length;
        });
        await Task.WhenAll(head, next);
        Assert.Equal(Scenario.Flood + 100, position);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task The_head_of_the_line_is_canceled_and_the_next_takes_over(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        using CancellationTokenSource source = new();
        Task<int> head = stream.ReadAsync(new byte[8], source.Token).AsTask();
        Task<int> next = stream.ReadAsync(new byte[8]).AsTask();
        await source.CancelAsync();
        await Ends.Canceled(head, source.Token);
        await peer.WriteAsync(new byte[3]);
        Assert.Equal(3, await next);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task A_line_of_which_everybody_has_gone_is_free(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        for (int i = 0; i < 20; i++)
        {
            using CancellationTokenSource source = new();
            List<Task<int>> calls = [.. Enumerable.Range(0, 10).Select(_ => stream.ReadAsync(new byte[8], source.Token).AsTask())];
            await source.CancelAsync();
            foreach (Task<int> call in calls)
            {
                await Ends.Canceled(call, source.Token);
            }

            await peer.WriteAsync(new byte[3]);
            Assert.Equal(3, await stream.ReadAsync(new byte[8]));
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Places_are_given_up_while_the_line_moves(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        await using ConnStream stream = conn.AsStream();
        Random random = new(1);
        long sent = 0;
        long position = 0;
        for (int i = 0; i < 300; i++)
        {
            using CancellationTokenSource source = new();
            List<(Task<int> Call, byte[] Buffer)> line = [];
            for (int k = 0; k < 6; k++)
            {
                byte[] buffer = new byte[1];
                bool stays = random.Next(2) == 0;
                line.Add((stream.ReadAsync(buffer, stays ? CancellationToken.None : source.Token).AsTask(), buffer));
            }

            byte[] bytes = NumberedBytes.Make(sent, line.Count);
            sent += bytes.Length;
            int spins = random.Next(2000);
            Task cancel = Task.Run(() =>
            {
                Thread.SpinWait(spins);
                source.Cancel();
            });
            await peer.WriteAsync(bytes);
            foreach ((Task<int> call, byte[] buffer) in line)
            {
                // Whoever was not canceled got the next byte, in the order of the line.
                if (await TryFinish(call))
                {
                    NumberedBytes.Check(position++, buffer);
                }
            }

            await cancel;
            while (position < sent)
            {
                byte[] rest = new byte[8];
                int count = await stream.ReadAsync(rest);
                NumberedBytes.Check(position, rest.AsSpan(0, count));
                position += count;
            }
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Close_ends_a_line_with_places_given_up(BackendKind backend) => RunBoth(backend, async t =>
    {
        for (int i = 0; i < 30; i++)
        {
            (Conn conn, _) = await t.Pair();
            ConnStream stream = conn.AsStream();
            using CancellationTokenSource source = new();
            List<Task<int>> calls =
                [.. Enumerable.Range(0, 8).Select(k => stream.ReadAsync(new byte[8], k % 2 == 0 ? default : source.Token).AsTask())];
            Task cancel = Task.Run(source.Cancel);
            conn.Close();
            for (int k = 0; k < calls.Count; k++)
            {
                if (k % 2 == 0)
                {
                    await Ends.Closed(calls[k]);
                }
                else
                {
                    Exception e = await Assert.ThrowsAnyAsync<Exception>(() => calls[k]);
                    Assert.True(e is OperationCanceledException or OpError { Kind: OpErrorKind.Closed }, e.Message);
                }
            }

            await cancel;
        }
    });

    private static async Task<bool> TryFinish(Task<int> call)
    {
        try
        {
            Assert.Equal(1, await call);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
