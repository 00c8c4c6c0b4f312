using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Tests;

public sealed class ServerTests() : BackendTests(2)
{
    private readonly List<Exception> _faults = [];

    protected override Action<Conn, Exception> OnHandlerFault => OnFault;

    [Theory, ClassData(typeof(Backends))]
    public async Task Every_connection_is_served_on_a_loop_of_the_group(BackendKind backend)
    {
        Use(backend);
        HashSet<Loop> seen = [];
        await using Server server = Listen(conn =>
        {
            lock (seen)
            {
                Assert.Same(Loop.Current, conn.Loop);
                seen.Add(conn.Loop);
            }

            return Echo(conn);
        });
        for (int i = 0; i < 100; i++)
        {
            using Conn client = await Dial(server);
            Assert.Equal(1, await RoundTrip(client));
        }

        Assert.Equal(2, seen.Count);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_handler_that_throws_loses_its_connection_and_nobody_elses(BackendKind backend)
    {
        Use(backend);
        await using Server server = Listen(async conn =>
        {
            byte[] buffer = new byte[1];
            while (await conn.ReadAsync(buffer) > 0)
            {
                if (buffer[0] == 0xFF)
                {
                    throw new InvalidOperationException("asked for it");
                }

                await conn.WriteAsync(buffer);
            }
        });
        using Conn good = await Dial(server);
        using Conn bad = await Dial(server);
        Assert.Equal(1, await RoundTrip(good));
        await bad.WriteAsync(new byte[] { 0xFF });
        Assert.Equal(0, await bad.ReadAsync(new byte[1]));
        Assert.Equal(1, await RoundTrip(good));
        await server.StopAsync(TimeSpan.Zero); // the report follows the close
        lock (_faults)
        {
            Assert.Equal("asked for it", Assert.Single(_faults).Message);
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_handler_that_throws_before_its_first_await_is_treated_alike(BackendKind backend)
    {
        Use(backend);
        await using Server server = Listen(static _ => throw new InvalidOperationException("at once"));
        using Conn client = await Dial(server);
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
        await server.StopAsync(TimeSpan.Zero); // the report follows the close
        lock (_faults)
        {
            Assert.Single(_faults);
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Go_inside_a_handler_and_a_handler_without_a_task_leave_the_count_right(BackendKind backend)
    {
        Use(backend);
        await using Server server = Listen(conn => conn.Go(Echo));
        using Conn one = await Dial(server);
        using Conn two = await Dial(server);
        await RoundTrip(one);
        await RoundTrip(two);
        one.Close();
        Assert.Equal(1, await RoundTrip(two));
        await using Server none = Listen(static _ => null!);
        using Conn refused = await Dial(none);
        Assert.Equal(0, await refused.ReadAsync(new byte[1]));
        await none.StopAsync(TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromSeconds(10));
        two.Close();
        await server.StopAsync(TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, server.ConnectionCount);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_report_of_a_fault_that_throws_does_not_stop_the_accepting(BackendKind backend)
    {
        Use(backend);
        using LoopGroup group = new(new LoopOptions { Backend = backend, LoopCount = 1, OnHandlerFault = static (_, _) => throw new InvalidOperationException() });
        await using Server server = Server.Listen(
            "tcp", "127.0.0.1:0", static _ => throw new InvalidOperationException(), new ServerOptions { Loops = group });
        for (int i = 0; i < 3; i++)
        {
            using Conn client = await Dial(server);
            Assert.Equal(0, await client.ReadAsync(new byte[1]));
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Handlers_that_end_after_their_loop_are_counted_all_the_same(BackendKind backend)
    {
        Use(backend);
        LoopGroup group = new(new LoopOptions { Backend = backend, LoopCount = 1, OnHandlerFault = static (_, _) => { } });
        TaskCompletionSource end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Server server = Server.Listen("tcp", "127.0.0.1:0", _ => end.Task, new ServerOptions { Loops = group });
        List<Conn> clients = [];
        for (int i = 0; i < 20; i++)
        {
            clients.Add(await Dial(server));
        }

        while (server.ConnectionCount < 20)
        {
            await Task.Delay(1); // the count has no event
        }

        group.Dispose();
        end.SetResult();
        await server.StopAsync(TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromSeconds(10));
        clients.ForEach(c => c.Dispose());
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_drain_out_of_range_is_refused_and_changes_nothing(BackendKind backend)
    {
        Use(backend);
        await using Server server = Listen(Echo);
        foreach (TimeSpan drain in new[] { TimeSpan.FromSeconds(-2), TimeSpan.FromDays(50) })
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => server.StopAsync(drain));
        }

        using Conn client = await Dial(server);
        Assert.Equal(1, await RoundTrip(client));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Go_runs_a_handler_on_the_connections_loop_and_closes_at_the_end(BackendKind backend)
    {
        Use(backend);
        using Listener listener = new ListenConfig { Loops = Group }.Listen("tcp", "127.0.0.1:0");
        using Conn client = await new Dialer { Loops = Group }.DialAsync("tcp", listener.Address.ToString());
        Conn accepted = await listener.AcceptAsync();
        bool onLoop = false;
        await accepted.Go(async conn =>
        {
            onLoop = conn.Loop.IsCurrent;
            await conn.WriteAsync(new byte[3]);
        });
        Assert.True(onLoop);
        Assert.Equal(3, await client.ReadAsync(new byte[10]));
        Assert.Equal(0, await client.ReadAsync(new byte[10]));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Beyond_MaxConnections_clients_wait_until_one_has_gone(BackendKind backend)
    {
        Use(backend);
        await using Server server = Server.Listen(
            "tcp", "127.0.0.1:0", Echo, new ServerOptions { Loops = Group, MaxConnections = 3 });
        List<Conn> served = [];
        for (int i = 0; i < 3; i++)
        {
            served.Add(await Dial(server));
            Assert.Equal(1, await RoundTrip(served[i]));
        }

        using Conn waiting = await Dial(server);
        await waiting.WriteAsync(new byte[1]);
        ValueTask<int> answer = waiting.ReadAsync(new byte[1]);
        Assert.Equal(1, await RoundTrip(served[0]));
        Assert.False(answer.IsCompleted);
        Assert.Equal(3, server.ConnectionCount);
        served[1].Close();
        Assert.Equal(1, await answer);
        served.ForEach(c => c.Dispose());
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_drain_lets_connections_end_and_closes_what_is_left(BackendKind backend)
    {
        Use(backend);
        Server server = Listen(Echo);
        using Conn ends = await Dial(server);
        using Conn stays = await Dial(server);
        await RoundTrip(ends);
        await RoundTrip(stays);
        Task stopped = server.StopAsync(TimeSpan.FromMilliseconds(300));
        Assert.Equal(1, await RoundTrip(ends));
        ends.Close();
        await stopped.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, await stays.ReadAsync(new byte[1]));
        Assert.Equal(0, server.ConnectionCount);
        await Assert.ThrowsAsync<OpError>(() => Dial(server));
        await server.StopAsync(TimeSpan.FromHours(1));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_drain_ends_with_the_last_connection(BackendKind backend)
    {
        Use(backend);
        Server server = Listen(Echo);
        Conn client = await Dial(server);
        await RoundTrip(client);
        Task stopped = server.StopAsync(TimeSpan.FromHours(1));
        client.Close();
        await stopped.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Stopping_while_clients_come_and_go_leaves_nothing_behind(BackendKind backend)
    {
        Use(backend);
        for (int round = 0; round < 20; round++)
        {
            Server server = Listen(Echo);
            using CancellationTokenSource stop = new();
            Task clients = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        using Conn client = await Dial(server);
                        await RoundTrip(client);
                    }
                    catch (OpError)
                    {
                        // the server is stopping
                    }
                }
            })));
            await Task.Delay(10); // with clients under way
            try
            {
                await server.StopAsync(TimeSpan.Zero).WaitAsync(TimeSpan.FromSeconds(10));
            }
            finally
            {
                await stop.CancelAsync(); // a failure here must not leave clients that spin beside the other tests
            }

            await clients;
            Assert.Equal(0, server.ConnectionCount);
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Loops_that_share_a_listener_serve_everybody_and_a_stop_frees_the_port(BackendKind backend)
    {
        Use(backend);
        ServerOptions options = new() { Loops = Group, SharedListener = true };
        string address = "127.0.0.1:0";
        for (int i = 0; i < 3; i++)
        {
            await using Server server = Server.Listen("tcp", address, Echo, options);
            address = server.Address.ToString();
            Conn[] clients = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Dial(server)));
            int[] echoed = await Task.WhenAll(clients.Select(RoundTrip));
            Assert.All(echoed, n => Assert.Equal(1, n));
            Assert.Equal(50, server.ConnectionCount);
            Array.ForEach(clients, c => c.Dispose());
            await server.StopAsync(Timeout.InfiniteTimeSpan).WaitAsync(TimeSpan.FromSeconds(10));
            await Assert.ThrowsAsync<OpError>(() => Dial(server));
        }
    }

    // The options of a socket from elsewhere were set on the shared one, once for each further loop.
    [Theory, ClassData(typeof(Backends))]
    public async Task Loops_that_share_a_listener_keep_its_options(BackendKind backend)
    {
        Use(backend);
        TaskCompletionSource<bool> keepsAlive = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Server server = Server.Listen(
            "tcp",
            "127.0.0.1:0",
            conn =>
            {
                conn.SyscallConn().Control(fd =>
                {
                    using SafeSocketHandle handle = new(fd, ownsHandle: false);
                    using Socket socket = new(handle);
                    keepsAlive.TrySetResult((int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0);
                });
                return Task.CompletedTask;
            },
            new ServerOptions { Loops = Group, SharedListener = true, Listen = new ListenConfig { KeepAlive = TimeSpan.FromSeconds(-1) } });
        using Conn client = await Dial(server);
        Assert.False(await keepsAlive.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_port_that_is_taken_is_refused_although_the_servers_loops_share_theirs(BackendKind backend)
    {
        Use(backend);
        await using Server server = Listen(Echo);
        OpError error = Assert.Throws<OpError>(() => Server.Listen(
            "tcp", server.Address.ToString(), Echo, new ServerOptions { Loops = Group }));
        Assert.Equal($"listen tcp {server.Address}: bind: address already in use", error.Message);
    }

    private static async Task Echo(Conn conn)
    {
        byte[] buffer = new byte[64];
        int n;
        while ((n = await conn.ReadAsync(buffer)) > 0)
        {
            await conn.WriteAsync(buffer.AsMemory(0, n));
        }
    }

    private static async Task<int> RoundTrip(Conn client)
    {
        await client.WriteAsync(new byte[] { 42 });
        return await client.ReadAsync(new byte[1]);
    }

    private void OnFault(Conn conn, Exception exception)
    {
        if (exception is OpError { Kind: OpErrorKind.Closed })
        {
            return; // a handler that a stop has woken
        }

        lock (_faults)
        {
            _faults.Add(exception);
        }
    }

    private Server Listen(Func<Conn, Task> handler) =>
        Server.Listen("tcp", "127.0.0.1:0", handler, new ServerOptions { Loops = Group });

    private Task<Conn> Dial(Server server) => new Dialer { Loops = Group }.DialAsync("tcp", server.Address.ToString());
}
