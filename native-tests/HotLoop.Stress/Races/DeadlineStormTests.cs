using HotLoop.TestKit;

namespace HotLoop.Stress.Races;

/// <summary>Operations that end on the loop while other threads never stop setting deadlines.</summary>
public sealed class DeadlineStormTests(LoopsFixture loops) : StressTests(loops)
{
    private const int Messages = 600;

    [Theory, ClassData(typeof(Settings))]
    public Task A_stream_loses_and_repeats_nothing_in_a_storm_of_deadlines(Setting setting) => Race(setting, 10, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        using CancellationTokenSource end = new();
        int spins = t.Random.Next(500);
        Deadline soon = Deadline.After(t.Microseconds(100, 100_000));
        Task storm = t.RaceOnThreads(
            () => Storm(conn.SetReadDeadline, spins, end.Token, Deadline.Past, soon, Deadline.None),
            () => Storm(conn.SetDeadline, spins, end.Token, Deadline.Past, Deadline.After(TimeSpan.FromHours(1)), Deadline.None));
        Task echo = StressRun.Handle(conn, c => EchoInOrder(t, c));
        byte[] buffer = new byte[1];
        for (int i = 0; i < Messages; i++)
        {
            buffer[0] = (byte)i;
            Assert.Null((await t.Watch(peer.TryWriteAsync(buffer))).Error);
            buffer[0]++;
            Assert.Equal(new IoResult(1, null), await t.Watch(peer.TryReadAsync(buffer)));
            Assert.Equal((byte)i, buffer[0]);
        }

        await end.CancelAsync();
        await storm;
        await echo;
    });

    // What a deadline has ended is begun again until it succeeds.
    private static async Task EchoInOrder(StressRun t, Conn conn)
    {
        byte[] buffer = new byte[2];
        for (int i = 0; i < Messages; i++)
        {
            IoResult result;
            while ((result = await t.Watch(conn.TryReadAsync(buffer))).Error is { Timeout: true })
            {
            }

            Assert.Equal(new IoResult(1, null), result);
            while ((result = await t.Watch(conn.TryWriteAsync(buffer.AsMemory(0, 1)))).Error is { Timeout: true })
            {
                Assert.Equal(0, result.Count);
            }

            Assert.Equal(new IoResult(1, null), result);
        }
    }

    // Each round ends without a deadline, and only there the thread lets others run: an expired one that stays makes the handler spin.
    private static void Storm(Action<Deadline> set, int spins, CancellationToken end, params Deadline[] deadlines)
    {
        while (!end.IsCancellationRequested)
        {
            foreach (Deadline deadline in deadlines)
            {
                // The handler closes the connection when it has written the last answer.
                if (SocketScope.ErrorOf(() => set(deadline)) is { } error)
                {
                    Assert.Equal(OpErrorKind.Closed, error.Kind);
                    return;
                }

                Thread.SpinWait(spins);
            }

            Thread.Yield();
        }
    }
}
