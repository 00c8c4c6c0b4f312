using HotLoop.TestKit;

namespace HotLoop.Stress.Races;

/// <summary>Operations that begin at the very moment at which something else would end them.</summary>
public sealed class BeginningTests(LoopsFixture loops) : StressTests(loops)
{
    [Theory, ClassData(typeof(Settings))]
    public Task A_read_and_a_write_that_begin_during_Close_end(Setting setting) => Race(setting, 200, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        (OpError? read, OpError? write) = await BeginDuring(t, conn, conn.Close);
        Assert.Equal((OpErrorKind.Closed, OpErrorKind.Closed), (read?.Kind, write?.Kind));
    });

    [Theory, ClassData(typeof(Settings))]
    public Task A_read_and_a_write_that_begin_while_a_deadline_is_set_end(Setting setting) => Race(setting, 200, async t =>
    {
        (Conn conn, _) = await t.NarrowPair();
        Deadline deadline = t.Random.Next(2) == 0 ? Deadline.Past : Deadline.After(t.Microseconds(1, 300));
        (OpError? read, OpError? write) = await BeginDuring(t, conn, () => conn.SetDeadline(deadline));
        Assert.True(read is { Timeout: true } && write is { Timeout: true }, $"{read?.Message}, {write?.Message}");
    });

    [Theory, ClassData(typeof(Settings))]
    public Task An_accept_that_begins_during_Close_ends(Setting setting) => Race(setting, 200, async t =>
    {
        Listener listener = t.Listen();
        Task<AcceptResult>? first = null;
        Task<AcceptResult>? second = null;
        await t.Race(
            listener.Close, () => first = t.Watch(listener.TryAcceptAsync()), () => second = t.Watch(listener.TryAcceptAsync()));
        AcceptResult[] results = await Task.WhenAll(first!, second!);
        Assert.All(results, result => Assert.Equal(OpErrorKind.Closed, result.Error?.Kind));
    });

    private static async Task<(OpError? Read, OpError? Write)> BeginDuring(StressRun t, Conn conn, Action end)
    {
        Task<IoResult>? read = null;
        Task<IoResult>? write = null;
        await t.Race(
            end, () => read = t.Watch(SocketScope.Read(conn)), () => write = t.Watch(SocketScope.Write(conn, SocketScope.Flood)));
        return ((await read!).Error, (await write!).Error);
    }
}
