using HotLoop.TestKit;

namespace HotLoop.Stress.Races;

/// <summary>A deadline against data, and against Close.</summary>
public sealed class DeadlineTests(LoopsFixture loops) : StressTests(loops)
{
    [Theory, ClassData(typeof(Settings))]
    public Task A_byte_that_meets_a_deadline_is_read_now_or_by_the_next_read(Setting setting) => Race(setting, 60, async t =>
    {
        const int Bytes = 10; // on one connection, so that a byte lost in one round is missed in the next
        (Conn conn, Conn peer) = await t.Pair();
        byte[] buffer = new byte[8];
        for (byte i = 0; i < Bytes; i++)
        {
            Deadline deadline = t.Random.Next(2) == 0 ? Deadline.Past : Deadline.After(t.Microseconds(50, 1000));
            byte[] value = [i];
            Task<IoResult> read = t.Watch(conn.TryReadAsync(buffer));
            await t.Race(() => conn.SetReadDeadline(deadline), () => _ = peer.TryWriteAsync(value));
            IoResult result = await read;
            conn.SetReadDeadline(Deadline.None);
            if (result.Error is not null)
            {
                Assert.True(result is { Count: 0, Error.Timeout: true }, result.Error.Message);
                result = await t.Watch(conn.TryReadAsync(buffer));
            }

            Assert.Equal(new IoResult(1, null), result);
            Assert.Equal(i, buffer[0]);
        }
    });

    [Theory, ClassData(typeof(Settings))]
    public Task A_deadline_that_meets_room_cuts_a_write_where_it_says(Setting setting) => Race(setting, 100, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        Deadline deadline = t.Random.Next(2) == 0 ? Deadline.Past : Deadline.After(t.Microseconds(50, 2000));
        Task<IoResult> write = t.Watch(SocketScope.Write(conn, SocketScope.Flood));
        Task<IoResult>? drain = null;
        await t.Race(() => conn.SetWriteDeadline(deadline), () => drain = SocketScope.ReadUpTo(peer, long.MaxValue));
        IoResult result = await write;
        Assert.True(result.Error is null ? result.Count == SocketScope.Flood : result.Error.Timeout, result.ToString());
        conn.SetWriteDeadline(Deadline.None);
        Assert.Equal(new IoResult(5, null), await t.Watch(SocketScope.Write(conn)));
        conn.Close();
        Assert.Equal(new IoResult(result.Count + 5, null), await drain!);
    });

    [Theory, ClassData(typeof(Settings))]
    public Task An_operation_that_meets_a_deadline_and_Close_ends_with_one(Setting setting) => Race(setting, 400, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        Deadline deadline = t.Random.Next(2) == 0 ? Deadline.Past : Deadline.After(t.Microseconds(1, 300));
        Task<IoResult> read = t.Watch(SocketScope.Read(conn));
        Task<IoResult> write = t.Watch(SocketScope.Write(conn, SocketScope.Flood));
        Assert.False(read.IsCompleted || write.IsCompleted);
        OpError? error = null;
        Task race = t.Race(conn.Close, () => error = SocketScope.ErrorOf(() => conn.SetDeadline(deadline)));
        OpError? readError = (await read).Error;
        OpError? writeError = (await write).Error;
        await race;
        Assert.True(readError is { Timeout: true } or { Kind: OpErrorKind.Closed }, readError?.Message);
        Assert.True(writeError is { Timeout: true } or { Kind: OpErrorKind.Closed }, writeError?.Message);
        Assert.True(error is null or { Kind: OpErrorKind.Closed }, error?.Message);
    });
}
