using HotLoop.TestKit;

namespace HotLoop.Stress.NetTest;

/// <summary>nettest's PresentTimeout, FutureTimeout and CloseTimeout: what ends a read and a write that wait.</summary>
public sealed class WaitingTests(LoopsFixture loops) : StressTests(loops)
{
    [Theory, ClassData(typeof(Settings))]
    public Task PresentTimeout_a_deadline_that_is_set_to_the_past_ends_what_waits(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        bool expiring = false;
        Task<IoResult> read = t.Watch(SocketScope.Read(conn, 1024));
        Task<OpError> write = t.Start(() => WriteUntilError(conn));
        await Task.Delay(t.Microseconds(0, 20_000));
        Assert.False(read.IsCompleted || write.IsCompleted);
        Volatile.Write(ref expiring, true);
        await t.Race(() => conn.SetReadDeadline(Deadline.Past), () => conn.SetWriteDeadline(Deadline.Past));
        Assert.True((await write).Timeout);
        Assert.True(await read is { Count: 0, Error.Timeout: true });
    });

    [Theory, ClassData(typeof(Settings))]
    public Task FutureTimeout_a_connection_is_good_again_after_a_deadline_came(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        Deadline deadline = Deadline.After(t.Microseconds(500, 30_000));
        conn.SetDeadline(deadline);
        Task<IoResult> read = t.Watch(SocketScope.Read(conn, 1024));
        Assert.True((await WriteUntilError(conn)).Timeout);
        Assert.True(await read is { Count: 0, Error.Timeout: true });
        Task echo = t.Start(() => Echo.Run(peer));
        await Echo.Resynchronize(conn);
        await Echo.RoundTrip(conn);
        conn.Close();
        await echo;
    });

    [Theory, ClassData(typeof(Settings))]
    public Task CloseTimeout_Close_ends_a_read_loop_and_a_write_loop(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task echo = t.Start(() => Echo.Run(peer));
        Task<IoResult> read = t.Start(() => SocketScope.ReadUpTo(conn, long.MaxValue));
        Task<OpError> write = t.Start(() => WriteUntilError(conn));
        await Task.Delay(t.Microseconds(0, 20_000));
        await t.Race(conn.Close);
        Assert.Equal(OpErrorKind.Closed, (await write).Kind);
        Assert.Equal(OpErrorKind.Closed, (await read).Error?.Kind);
        await echo;
    });

    private static async Task<OpError> WriteUntilError(Conn conn)
    {
        byte[] part = new byte[1024];
        IoResult result;
        do
        {
            result = await conn.TryWriteAsync(part);
        }
        while (result.Error is null);
        return result.Error;
    }
}
