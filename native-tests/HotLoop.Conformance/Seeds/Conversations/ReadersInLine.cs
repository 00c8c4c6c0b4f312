namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>Reads that wait in line on one connection are served in the order in which they came.</summary>
internal static class ReadersInLine
{
    internal static async Task Run(Talk t)
    {
        (Conn conn, Conn peer) = await t.Pair();
        Stripe sent = new(6);
        Stripe got = new(6);
        int total = t.Random.Next(20, 2000);
        Random sizes = new(t.Random.Next());
        Task writing = t.Start(async () =>
        {
            while (sent.Count < total)
            {
                byte[] part = sent.Make(Math.Min(total - sent.Count, sizes.Next(1, 300)));
                Talk.Require(await Talk.Write(peer, part), part.Length);
            }

            peer.CloseWrite();
        });
        bool ended = false;
        while (!ended)
        {
            byte[][] buffers = [.. Enumerable.Range(0, 4).Select(_ => new byte[t.Random.Next(1, 200)])];
            ValueTask<IoResult>[] reads = [.. buffers.Select(buffer => conn.TryReadAsync(buffer))];
            for (int i = 0; i < reads.Length; i++)
            {
                IoResult result = await reads[i];
                Assert.True(result.Error is null || Talk.IsGiven(result.Error), $"{result.Error}");
                got.Check(buffers[i].AsSpan(0, result.Count));
                ended |= result.Count == 0 && result.Error is null;
            }
        }

        await writing;
        Assert.Equal(total, got.Count);
    }
}
