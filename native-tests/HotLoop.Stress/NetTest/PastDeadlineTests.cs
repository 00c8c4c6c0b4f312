using HotLoop.TestKit;

namespace HotLoop.Stress.NetTest;

/// <summary>nettest's ReadTimeout, WriteTimeout and PastTimeout.</summary>
public sealed class PastDeadlineTests(LoopsFixture loops) : StressTests(loops)
{
    [Theory, ClassData(typeof(Settings))]
    public Task ReadTimeout_a_past_read_deadline_leaves_writes_alone(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<IoResult> drain = t.Watch(new ValueTask<IoResult>(SocketScope.ReadUpTo(peer, long.MaxValue)));
        int total = 0;
        for (int i = t.Random.Next(1, 50); i > 0; i--)
        {
            conn.SetReadDeadline(Deadline.Past);
            Assert.True(await t.Watch(SocketScope.Read(conn, 1024)) is { Count: 0, Error.Timeout: true });
            int size = t.Random.Next(1, 1024);
            Assert.Equal(new IoResult(size, null), await t.Watch(SocketScope.Write(conn, size)));
            total += size;
        }

        conn.Close();
        Assert.Equal(new IoResult(total, null), await drain);
    });

    [Theory, ClassData(typeof(Settings))]
    public Task WriteTimeout_a_past_write_deadline_leaves_reads_alone(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        for (int i = t.Random.Next(1, 50); i > 0; i--)
        {
            conn.SetWriteDeadline(Deadline.Past);
            Assert.True(await t.Watch(SocketScope.Write(conn, 1024)) is { Count: 0, Error.Timeout: true });
            int size = t.Random.Next(1, 1024);
            Assert.Equal(new IoResult(size, null), await t.Watch(SocketScope.Write(peer, size)));
            Assert.Equal(new IoResult(size, null), await SocketScope.ReadUpTo(conn, size));
        }
    });

    [Theory, ClassData(typeof(Settings))]
    public Task PastTimeout_a_connection_is_good_again_after_a_past_deadline(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task echo = t.Start(() => Echo.Run(peer));
        for (int i = t.Random.Next(1, 50); i > 0; i--)
        {
            await Echo.RoundTrip(conn);
            conn.SetDeadline(Deadline.Past);
            Assert.True(await t.Watch(SocketScope.Write(conn, 1024)) is { Count: 0, Error.Timeout: true });
            Assert.True(await t.Watch(SocketScope.Read(conn, 1024)) is { Count: 0, Error.Timeout: true });
        }

        await Echo.RoundTrip(conn);
        conn.Close();
        await echo;
    });
}
