namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>Close, wherever it is called, ends what waits on the connection or listener: reads, those in line, writes, accepts.</summary>
internal static class Closing
{
    internal static async Task Run(Talk t)
    {
        (Conn conn, _) = await t.NarrowPair();
        Listener listener = t.Listen();
        Task<IoResult>[] waiting =
        [
            t.Start(() => Talk.ReadSome(conn, new byte[16])),
            t.Start(() => Talk.ReadSome(conn, new byte[16])),
            t.Start(() => Flood(conn)),
        ];
        Task<AcceptResult> accept = t.Start(() => Accept(listener));
        if (t.Random.Next(2) == 0)
        {
            await Task.Delay(t.Random.Next(3)); // so that at times all wait, and at times none yet does
        }

        await t.Start(() =>
        {
            conn.Close();
            listener.Close();
            return Task.CompletedTask;
        });
        foreach (IoResult result in await Task.WhenAll(waiting))
        {
            Assert.Equal(OpErrorKind.Closed, result.Error?.Kind);
        }

        Assert.Equal(OpErrorKind.Closed, (await accept).Error?.Kind);
    }

    private static async Task<IoResult> Flood(Conn conn)
    {
        byte[] part = new byte[256 * 1024];
        IoResult result;
        do
        {
            result = await Talk.Write(conn, part);
        }
        while (result.Error is null);
        return result;
    }

    private static async Task<AcceptResult> Accept(Listener listener)
    {
        AcceptResult result;
        do
        {
            result = await listener.TryAcceptAsync();
        }
        while (Talk.IsGiven(result.Error));
        return result;
    }
}
