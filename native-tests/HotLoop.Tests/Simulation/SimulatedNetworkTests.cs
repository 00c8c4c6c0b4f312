using HotLoop.TestKit.Simulation;

namespace HotLoop.Tests.Simulation;

/// <summary>Loops and the network between them in one thread, on one clock that nobody waits for.</summary>
public sealed class SimulatedNetworkTests
{
    [Fact]
    public void An_echo_server_and_clients_with_deadlines_keep_their_promises_in_hundreds_of_runs()
    {
        Dictionary<string, int> ends = [];
        for (int seed = 1; seed <= 300; seed++)
        {
            using EchoSimulation run = new EchoSimulation(seed).Run();
            Assert.Equal(EchoSimulation.Clients, run.Ends.Count);
            Assert.Equal(0, run.OpenCount);
            foreach (string end in run.Ends)
            {
                ends[end] = ends.GetValueOrDefault(end) + 1;
            }
        }

        // The seeds are too many for any of these not to come.
        Assert.Equal(["DeadlineExceeded", "SystemCall", "closed by the server", "echoed"], ends.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_seed_repeats_its_run_and_another_has_its_own()
    {
        using EchoSimulation first = new EchoSimulation(seed: 1).Run();
        using EchoSimulation again = new EchoSimulation(seed: 1).Run();
        using EchoSimulation other = new EchoSimulation(seed: 2).Run();
        Assert.Equal(first.Trace, again.Trace);
        Assert.NotEqual(first.Trace, other.Trace);
    }

    [Fact]
    public void A_dial_that_nobody_listens_for_is_refused()
    {
        using SimulatedNetwork network = new(seed: 1);
        HandTurnedLoop loop = network.AddLoop("client");
        OpError error = Assert.Throws<OpError>(() => network.Run(loop.Start(() => network.DialAsync(loop, 1))));
        Assert.Equal("dial tcp 127.0.0.1:1: connect: connection refused", error.Message);
    }

    [Fact]
    public void A_half_close_is_the_end_of_the_stream_and_answers_still_come()
    {
        using SimulatedNetwork network = new(seed: 1, new NetworkConditions { ResetRate = 0 });
        HandTurnedLoop near = network.AddLoop("near");
        HandTurnedLoop far = network.AddLoop("far");
        using Listener listener = network.Listen(far, 1);
        Task<int> answerer = far.Start(async () =>
        {
            using Conn conn = await listener.AcceptAsync();
            int total = 0;
            for (int n = 1; n > 0; total += n)
            {
                n = await conn.ReadAsync(new byte[100]);
            }

            await conn.WriteAsync("all of it"u8.ToArray());
            return total;
        });
        Task<int> asker = near.Start(async () =>
        {
            using Conn conn = await network.DialAsync(near, 1);
            await conn.WriteAsync(new byte[10_000]);
            conn.CloseWrite();
            int total = 0;
            for (int n = 1; n > 0; total += n)
            {
                n = await conn.ReadAsync(new byte[100]);
            }

            return total;
        });
        Assert.Equal(9, network.Run(asker));
        Assert.Equal(10_000, network.Run(answerer));
    }

    [Fact]
    public void A_wait_for_what_cannot_come_is_reported_with_the_trace()
    {
        using SimulatedNetwork network = new(seed: 1);
        HandTurnedLoop loop = network.AddLoop("server");
        using Listener listener = network.Listen(loop, 1);
        Task<Conn> accept = loop.Start(async () => await listener.AcceptAsync());
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => network.Run(accept));
        Assert.Contains("Nothing can happen any more", failure.Message, StringComparison.Ordinal);
        Assert.Contains("server turns", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_year_passes_at_once()
    {
        using SimulatedNetwork network = new(seed: 1);
        HandTurnedLoop loop = network.AddLoop("server");
        using Listener listener = network.Listen(loop, 1);
        Task<AcceptResult> accept = loop.Start(async () =>
        {
            listener.SetDeadline(Deadline.After(TimeSpan.FromDays(365)));
            return await listener.TryAcceptAsync();
        });
        long start = network.Clock.Now;
        Assert.True(network.Run(accept).Error!.Timeout);
        Assert.InRange(TimeSpan.FromTicks((network.Clock.Now - start) / 100).TotalDays, 365, 365.001);
    }
}
