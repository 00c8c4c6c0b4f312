using System.Collections.Concurrent;
using HotLoop.TestKit;

namespace HotLoop.Stress.Races;

/// <summary>Close of a listener against accepts that wait, while others connect.</summary>
public sealed class CloseOfAcceptTests(LoopsFixture loops) : StressTests(loops)
{
    [Theory, ClassData(typeof(Settings))]
    public Task Close_ends_every_accept_that_waits(Setting setting) =>
        Race(setting, 300, t => CloseDuringAccepts(t, t.Random.Next(1, 4), dials: 2));

    [Theory, ClassData(typeof(Settings))]
    public Task Close_ends_a_thousand_accepts(Setting setting) =>
        Race(setting, 10, t => CloseDuringAccepts(t, accepts: 1000, dials: 20));

    private static async Task CloseDuringAccepts(StressRun t, int accepts, int dials)
    {
        Listener listener = t.Listen();
        Task<AcceptResult>[] waiting = [.. Enumerable.Range(0, accepts).Select(_ => t.Watch(listener.TryAcceptAsync()))];
        Assert.All(waiting, accept => Assert.False(accept.IsCompleted));
        ConcurrentBag<Task> connecting = [];
        await t.Race(listener.Close, () =>
        {
            for (int i = 0; i < dials; i++)
            {
                connecting.Add(TryDial(t, listener));
            }
        });
        int accepted = 0;
        foreach (AcceptResult result in await Task.WhenAll(waiting))
        {
            Assert.True(result.Conn is not null || result.Error?.Kind == OpErrorKind.Closed, result.Error?.Message);
            result.Conn?.Close();
            accepted += result.Conn is null ? 0 : 1;
        }

        await Task.WhenAll(connecting);
        Assert.True(accepted <= dials);
        Assert.Equal(OpErrorKind.Closed, (await t.Watch(listener.TryAcceptAsync())).Error?.Kind);
    }

    private static async Task TryDial(StressRun t, Listener listener)
    {
        try
        {
            await t.Dial(listener);
        }
        catch (OpError e)
        {
            // Refused after Close, reset by it; anything else is a failure.
            Assert.True(e.Kind == OpErrorKind.SystemCall, e.Message);
        }
    }
}
