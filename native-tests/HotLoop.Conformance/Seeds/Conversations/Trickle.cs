using HotLoop.Timers;

namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>Deadlines expire while single bytes trickle in: none is early, and no byte is lost or told twice.</summary>
internal static class Trickle
{
    internal static async Task Run(Talk t)
    {
        (Conn conn, Conn peer) = await t.Pair();
        int total = t.Random.Next(5, 40);
        Random pauses = new(t.Random.Next());
        Task writing = t.Start(async () =>
        {
            Stripe stripe = new(5);
            while (stripe.Count < total)
            {
                Talk.Require(await Talk.Write(peer, stripe.Make(1)), 1);
                if (pauses.Next(4) == 0)
                {
                    await Task.Delay(pauses.Next(3)); // the trickle
                }
            }
        });
        Stripe got = new(5);
        byte[] buffer = new byte[8];
        while (got.Count < total)
        {
            Deadline deadline = Deadline.After(TimeSpan.FromMicroseconds(t.Random.Next(1, 3000)));
            conn.SetReadDeadline(deadline);
            IoResult result = await Talk.ReadSome(conn, buffer.AsMemory(0, t.Random.Next(1, buffer.Length)));
            if (result.Error is { } error)
            {
                Assert.Equal(OpErrorKind.DeadlineExceeded, error.Kind);
                Assert.True(MonotonicClock.Instance.Now >= deadline.Nanoseconds, "a deadline was early");
            }
            else
            {
                Assert.NotEqual(0, result.Count);
                got.Check(buffer.AsSpan(0, result.Count));
            }
        }

        await writing;
    }
}
