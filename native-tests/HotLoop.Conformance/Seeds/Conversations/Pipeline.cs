namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>Writes of more than the sockets hold, in both directions at once, each read meanwhile: all of it arrives in order.</summary>
internal static class Pipeline
{
    internal static async Task Run(Talk t)
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        int there = t.Random.Next(200_000, 500_000);
        int back = t.Random.Next(1, 300_000);
        int[] seeds = [.. Enumerable.Range(0, 4).Select(_ => t.Random.Next())];
        await Task.WhenAll(
            t.Start(() => Write(conn, there, 1, new Random(seeds[0]))),
            t.Start(() => Read(peer, there, 1, new Random(seeds[1]))),
            t.Start(() => Write(peer, back, 2, new Random(seeds[2]))),
            t.Start(() => Read(conn, back, 2, new Random(seeds[3]))));
    }

    private static async Task Write(Conn conn, int total, int salt, Random random)
    {
        Stripe stripe = new(salt);
        while (stripe.Count < total)
        {
            byte[] part = stripe.Make(Math.Min(total - stripe.Count, random.Next(1, 150_000)));
            Talk.Require(await Talk.Write(conn, part), part.Length);
        }
    }

    private static async Task Read(Conn conn, int total, int salt, Random random)
    {
        Stripe stripe = new(salt);
        byte[] buffer = new byte[64 * 1024];
        while (stripe.Count < total)
        {
            IoResult result = await Talk.ReadSome(conn, buffer.AsMemory(0, random.Next(1, buffer.Length)));
            Assert.Null(result.Error);
            Assert.NotEqual(0, result.Count);
            stripe.Check(buffer.AsSpan(0, result.Count));
            if (random.Next(32) == 0)
            {
                conn.DuplicateHandle().Dispose(); // from now on others could read: bytes that were received ahead come first
            }
        }
    }
}
