using HotLoop.TestKit;

namespace HotLoop.Stress.Races;

/// <summary>Close from many threads and loops at once: it succeeds once.</summary>
public sealed class DoubleCloseTests(LoopsFixture loops) : StressTests(loops)
{
    private const int Closers = 8;

    [Theory, ClassData(typeof(Settings))]
    public Task Of_many_closes_of_a_connection_one_succeeds(Setting setting) => Race(setting, 300, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<IoResult> read = t.Watch(SocketScope.Read(conn));
        await CloseFromEverywhere(t, conn.Close);
        Assert.Equal(OpErrorKind.Closed, (await read).Error?.Kind);
        Assert.Equal(new IoResult(0, null), await t.Watch(SocketScope.Read(peer)));
    });

    [Theory, ClassData(typeof(Settings))]
    public Task Of_many_closes_of_a_listener_one_succeeds(Setting setting) => Race(setting, 300, async t =>
    {
        Listener listener = t.Listen();
        Task<AcceptResult> accept = t.Watch(listener.TryAcceptAsync());
        await CloseFromEverywhere(t, listener.Close);
        Assert.Equal(OpErrorKind.Closed, (await accept).Error?.Kind);
        Assert.False(File.Exists(listener.Address.Path), "The file of the socket was left behind.");
    });

    private static async Task CloseFromEverywhere(StressRun t, Action close)
    {
        OpError?[] errors = new OpError?[Closers];
        await t.Race([.. Enumerable.Range(0, Closers).Select(i => (Action)(() => errors[i] = SocketScope.ErrorOf(close)))]);
        Assert.Single(errors, e => e is null);
        Assert.All(errors.OfType<OpError>(), e => Assert.Equal(("close", OpErrorKind.Closed), (e.Op, e.Kind)));
    }
}
