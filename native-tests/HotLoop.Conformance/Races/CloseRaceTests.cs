using HotLoop.TestKit;

namespace HotLoop.Conformance.Races;

public sealed class CloseRaceTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.close.concurrent/1")]
    public Task Of_ten_closes_one_succeeds(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("opt.close.concurrent/1", "one succeeds, nine say closed, and so does the read");
        for (int i = 0; i < 50; i++)
        {
            (Conn conn, Conn peer) = await t.Pair();
            ValueTask<IoResult> read = Scenario.Read(conn);
            Assert.False(read.IsCompleted);
            OpError?[] errors = await InParallel(10, () => Scenario.ErrorOf(conn.Close));
            Assert.Single(errors, e => e is null);
            Assert.All(errors.OfType<OpError>(), e => Assert.Equal(("close", OpErrorKind.Closed), (e.Op, e.Kind)));
            Assert.Equal(OpErrorKind.Closed, (await read).Error?.Kind);
            peer.Close();
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Of_ten_closes_of_a_listener_one_succeeds(BackendKind backend) => RunBoth(backend, async t =>
    {
        for (int i = 0; i < 50; i++)
        {
            Listener listener = t.Listen();
            ValueTask<AcceptResult> accept = listener.TryAcceptAsync();
            OpError?[] errors = await InParallel(10, () => Scenario.ErrorOf(listener.Close));
            Assert.Single(errors, e => e is null);
            Assert.Equal(OpErrorKind.Closed, (await accept).Error?.Kind);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Close_from_another_thread_ends_everything_that_waits(BackendKind backend) => RunBoth(backend, async t =>
    {
        for (int i = 0; i < 200; i++)
        {
            (Conn conn, Conn peer) = await t.NarrowPair();
            ValueTask<IoResult>[] operations =
            [
                Scenario.Read(conn), Scenario.Read(conn), Scenario.Write(conn, Scenario.Flood), Scenario.Write(conn),
            ];
            Assert.All(operations, o => Assert.False(o.IsCompleted));
            Task close = Task.Run(conn.Close);
            foreach (ValueTask<IoResult> operation in operations)
            {
                Assert.Equal(OpErrorKind.Closed, (await operation).Error?.Kind);
            }

            await close;
            peer.Close();
        }
    });

    // Operations that begin while another thread closes: each ends by itself or with "closed", none hangs.
    [Theory, ClassData(typeof(Backends))]
    public Task Operations_that_begin_during_Close_end(BackendKind backend) => RunBoth(backend, async t =>
    {
        for (int i = 0; i < 300; i++)
        {
            (Conn conn, Conn peer) = await t.Pair();
            using Barrier start = new(3);
            Task<OpError?> reading = Task.Run(async () =>
            {
                start.SignalAndWait();
                return (await Scenario.Read(conn)).Error;
            });
            Task<OpError?> deadline = Task.Run(() =>
            {
                start.SignalAndWait();
                return Scenario.ErrorOf(() => conn.SetDeadline(Timing.In(5000)));
            });
            Task close = Task.Run(() =>
            {
                start.SignalAndWait();
                conn.Close();
            });
            Assert.Equal(OpErrorKind.Closed, (await reading)?.Kind);
            Assert.True((await deadline) is null or { Kind: OpErrorKind.Closed });
            await close;
            peer.Close();
        }
    });

    private static async Task<TResult[]> InParallel<TResult>(int count, Func<TResult> call)
    {
        using Barrier start = new(count);
        Task<TResult>[] calls = [.. Enumerable.Range(0, count).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return call();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        return await Task.WhenAll(calls);
    }
}
