namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>Tokens end waits at random: each ends its own operation or none, and the stream has every byte once.</summary>
internal static class Cancellation
{
    internal static async Task Run(Talk t)
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        int total = t.Random.Next(10_000, 200_000);
        (Random reads, Random writes) = (new Random(t.Random.Next()), new Random(t.Random.Next()));
        await Task.WhenAll(t.Start(() => Read(conn, total, reads)), t.Start(() => Write(peer, total, writes)));
    }

    private static async Task Read(Conn conn, int total, Random random)
    {
        Stripe got = new(8);
        byte[] buffer = new byte[32 * 1024];
        while (got.Count < total)
        {
            using CancellationTokenSource cancellation = new();
            Task canceling = CancelSoon(cancellation, random);
            try
            {
                int n = await conn.ReadOrWaitAsync(buffer.AsMemory(0, random.Next(1, buffer.Length)), cancellation.Token);
                Assert.NotEqual(0, n);
                got.Check(buffer.AsSpan(0, n));
            }
            catch (OperationCanceledException e)
            {
                Assert.Equal(cancellation.Token, e.CancellationToken);
            }
            catch (OpError e) when (Talk.IsGiven(e))
            {
                // Again.
            }

            await canceling;
        }
    }

    private static async Task Write(Conn conn, int total, Random random)
    {
        byte[] bytes = new Stripe(8).Make(total);
        int sent = 0;
        while (sent < total)
        {
            using CancellationTokenSource cancellation = new();
            Task canceling = CancelSoon(cancellation, random);
            IoResult result = await conn.TryWriteAsync(bytes.AsMemory(sent, Math.Min(total - sent, random.Next(1, 150_000))), cancellation.Token);
            sent += result.Count;
            Assert.True(result.Error is null or { Kind: OpErrorKind.Canceled } || Talk.IsGiven(result.Error), $"{result.Error}");
            await canceling;
        }
    }

    private static Task CancelSoon(CancellationTokenSource cancellation, Random random)
    {
        int spins = random.Next(5000);
        return random.Next(3) switch
        {
            0 => Task.CompletedTask,
            1 => cancellation.CancelAsync(),
            _ => Task.Run(() =>
            {
                Thread.SpinWait(spins);
                cancellation.Cancel();
            }),
        };
    }
}
