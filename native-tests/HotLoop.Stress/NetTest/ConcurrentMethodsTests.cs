using HotLoop.TestKit;

namespace HotLoop.Stress.NetTest;

/// <summary>nettest's ConcurrentMethods.</summary>
public sealed class ConcurrentMethodsTests(LoopsFixture loops) : StressTests(loops)
{
    private const int Rounds = 100;

    [Theory, ClassData(typeof(Settings))]
    public Task ConcurrentMethods_any_member_may_be_called_at_any_time(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task echo = t.Start(() => Echo.Run(peer));
        TimeSpan soon = t.Microseconds(1000, 10_000);
        List<Task> operations = [];
        for (int i = 0; i < Rounds; i++)
        {
            int size = t.Random.Next(1, 1024);
            operations.Add(t.Start(() => t.Watch(SocketScope.Read(conn, size))));
            operations.Add(t.Start(() => t.Watch(SocketScope.Write(conn, size))));
            operations.Add(t.Race(
                () => conn.SetDeadline(Deadline.After(soon)),
                () => conn.SetReadDeadline(Deadline.Past),
                () => conn.SetWriteDeadline(Deadline.Past),
                () => Assert.NotEqual(conn.LocalAddress.ToString(), conn.RemoteAddress.ToString())));
        }

        await Task.WhenAll(operations);
        await Echo.Resynchronize(conn);
        await Echo.RoundTrip(conn);
        conn.Close();
        await echo;
    });
}
