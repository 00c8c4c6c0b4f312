namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>The end of one direction leaves the other: the answer to all that was sent comes after it, and then an end of its own.</summary>
internal static class HalfClose
{
    internal static async Task Run(Talk t)
    {
        (Conn conn, Conn peer) = await t.Pair();
        byte[] question = new Stripe(3).Make(t.Random.Next(1, 100_000));
        byte[] answer = new Stripe(4).Make(t.Random.Next(1, 100_000));
        Task answering = t.Start(async () =>
        {
            await RequireToEnd(peer, 3, question.Length);
            Talk.Require(await Talk.Write(peer, answer), answer.Length);
            peer.CloseWrite();
        });
        Talk.Require(await Talk.Write(conn, question), question.Length);
        conn.CloseWrite();
        await RequireToEnd(conn, 4, answer.Length);
        await answering;
    }

    private static async Task RequireToEnd(Conn conn, int salt, int count)
    {
        Stripe stripe = new(salt);
        byte[] buffer = new byte[8192];
        IoResult result;
        while ((result = await Talk.ReadSome(conn, buffer)).Count > 0)
        {
            stripe.Check(buffer.AsSpan(0, result.Count));
        }

        Assert.Null(result.Error);
        Assert.Equal(count, stripe.Count);
        Talk.Require(await Talk.ReadSome(conn, buffer), 0); // the end is told again and again
    }
}
