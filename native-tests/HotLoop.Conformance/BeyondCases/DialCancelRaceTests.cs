using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>A token that is canceled around the moment of success.</summary>
public sealed class DialCancelRaceTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Dials = 1500;
    private const int Seed = 42;

    // Longer than a dial takes, by a little.
    private static readonly long s_longest = Stopwatch.Frequency / 5000;

    [Theory, ClassData(typeof(Backends))]
    public Task Either_the_connection_works_or_the_dial_was_canceled(BackendKind backend) => RunBoth(backend, async t =>
    {
        int before = FdLeakGuard.CountSockets();
        Listener listener = t.Listen();
        Task serving = Serve(listener);
        Dialer dialer = t.Dialer();
        string address = listener.Address.ToString();
        Random random = new(Seed);
        for (int i = 0; i < Dials; i++)
        {
            using CancellationTokenSource source = new();
            Task canceling = CancelAfter(source, random.NextInt64(s_longest));
            try
            {
                Conn conn = await dialer.DialAsync("tcp", address, source.Token);
                await canceling; // no effect any more
                Assert.Equal(new IoResult(3, null), await Scenario.Write(conn, 3));
                Assert.Equal(3, (await Scenario.ReadUpTo(conn, 3)).Count);
                Scenario.Reset(conn);
            }
            catch (OpError e)
            {
                Assert.Equal(OpErrorKind.Canceled, e.Kind);
                await canceling;
            }
        }

        listener.Close();
        await serving;
        await KernelView.Until(() => FdLeakGuard.CountSockets() == before);
    });

    private static Task CancelAfter(CancellationTokenSource source, long ticks) => Task.Run(() =>
    {
        long end = Stopwatch.GetTimestamp() + ticks;
        while (Stopwatch.GetTimestamp() < end)
        {
            Thread.SpinWait(1);
        }

        source.Cancel();
    });

    private static async Task Serve(Listener listener)
    {
        while ((await listener.TryAcceptAsync()).Conn is { } conn)
        {
            _ = Echo.Run(conn);
        }
    }
}
