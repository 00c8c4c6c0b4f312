using HotLoop.TestKit;

namespace HotLoop.Tests.Serving;

public sealed class PortRaceTests() : BackendTests(2)
{
    private static readonly int s_rounds = int.Parse(Environment.GetEnvironmentVariable("HOTLOOP_PORT_RACES") ?? "30");

    // Each server has two loops, and so two sockets that share its port with each other, and with nobody else.
    [Theory, ClassData(typeof(Backends))]
    public async Task Of_two_servers_that_start_on_one_port_at_the_same_moment_one_wins(BackendKind backend)
    {
        Use(backend);
        for (int round = 0; round < s_rounds; round++)
        {
            string address;
            using (Listener probe = new ListenConfig { Loops = Group }.Listen("tcp", "127.0.0.1:0"))
            {
                address = probe.Address.ToString();
            }

            using Barrier start = new(2);
            Server?[] started = await Task.WhenAll(Start(), Start());
            Server winner = Assert.Single(started, server => server is not null)!;
            await winner.StopAsync(TimeSpan.Zero);

            Task<Server?> Start() => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    try
                    {
                        return Server.Listen("tcp", address, static _ => Task.CompletedTask, new ServerOptions { Loops = Group });
                    }
                    catch (OpError e) when (e.SocketErrorCode == System.Net.Sockets.SocketError.AddressAlreadyInUse)
                    {
                        return null;
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task The_winners_connections_spread_over_its_loops(BackendKind backend)
    {
        Use(backend);
        int[] served = new int[2];
        await using Server server = Server.Listen(
            "tcp",
            "127.0.0.1:0",
            conn =>
            {
                Interlocked.Increment(ref served[conn.Loop == Group.Loops[0] ? 0 : 1]);
                return Task.CompletedTask;
            },
            new ServerOptions { Loops = Group });
        for (int i = 0; i < 200; i++)
        {
            using Conn client = await new Dialer { Loops = Group }.DialAsync("tcp", server.Address.ToString());
            Assert.Equal(0, await client.ReadAsync(new byte[1]));
        }

        Assert.All(served, n => Assert.InRange(n, 50, 150));
    }
}
