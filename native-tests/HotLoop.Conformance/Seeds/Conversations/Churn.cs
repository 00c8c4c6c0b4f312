namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>
/// Short connections one after the other, some given up in the middle of a wait: each hears its own number and no other's, though slots,
/// descriptors and late events are those of others before it.
/// </summary>
internal static class Churn
{
    internal static async Task Run(Talk t)
    {
        Listener listener = t.Listen();
        Task serving = t.Start(() => Serve(t, listener));
        int[] seeds = [t.Random.Next(), t.Random.Next()];
        await Task.WhenAll(seeds.Select(seed => t.Start(() => ConnectAgainAndAgain(t, listener.Address, new Random(seed)))));
        listener.Close();
        await serving;
    }

    private static async Task Serve(Talk t, Listener listener)
    {
        List<Task> handlers = [];
        while (await t.TryTake(listener) is { } conn)
        {
            handlers.Add(Answer(conn));
        }

        await Task.WhenAll(handlers);
    }

    private static async Task Answer(Conn conn)
    {
        _ = await Echoing.Echo(conn);
        conn.Close();
    }

    private static async Task ConnectAgainAndAgain(Talk t, NetAddress address, Random random)
    {
        for (int i = random.Next(5, 15); i > 0; i--)
        {
            Conn conn = await t.Connect(address);
            byte[] number = new byte[16];
            random.NextBytes(number);
            Talk.Require(await Talk.Write(conn, number), number.Length);
            if (random.Next(2) == 0)
            {
                conn.SetReadDeadline(Deadline.After(TimeSpan.FromMicroseconds(random.Next(200))));
            }

            byte[] answer = new byte[number.Length];
            IoResult result = await Talk.Read(conn, answer);
            Assert.True(result.Error is null ? result.Count == number.Length : result.Error.Kind == OpErrorKind.DeadlineExceeded, $"{result}");
            Assert.Equal(number[..result.Count], answer[..result.Count]);
            conn.Close();
        }
    }
}
