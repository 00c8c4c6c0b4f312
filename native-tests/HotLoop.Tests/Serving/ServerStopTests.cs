using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Tests.Serving;

public sealed class ServerStopTests() : BackendTests(2)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly List<Exception> _faults = [];

    protected override Action<Conn, Exception> OnHandlerFault => (_, fault) =>
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    };

    [Theory, ClassData(typeof(Backends))]
    public async Task Idle_connections_do_not_cost_the_drain(BackendKind backend)
    {
        Use(backend);
        Server server = Listen(Echo);
        List<Conn> clients = [];
        for (int i = 0; i < 200; i++)
        {
            clients.Add(await Dial(server));
            Assert.Equal(1, await RoundTrip(clients[i]));
        }

        long started = Stopwatch.GetTimestamp();
        await server.StopAsync(TimeSpan.FromMinutes(1)).WaitAsync(s_patience);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        foreach (Conn client in clients)
        {
            Assert.Equal(0, await client.ReadAsync(new byte[1])); // not a reset
            client.Dispose();
        }

        AssertNoFaults();
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_connection_that_is_busy_ends_its_work(BackendKind backend)
    {
        Use(backend);
        TaskCompletionSource work = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Server server = Listen(async conn =>
        {
            byte[] buffer = new byte[1];
            await conn.ReadAsync(buffer);
            await work.Task;
            await conn.WriteAsync(buffer);
        });
        using Conn client = await Dial(server);
        await client.WriteAsync(new byte[1]);
        Task stopped = server.StopAsync(Timeout.InfiniteTimeSpan);
        await Task.Delay(600); // more than two graces
        Assert.False(stopped.IsCompleted);
        work.SetResult();
        Assert.Equal(1, await client.ReadAsync(new byte[1]));
        await stopped.WaitAsync(s_patience);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_peer_that_sends_within_the_grace_is_not_idle(BackendKind backend)
    {
        Use(backend);
        Server server = Server.Listen(
            "tcp", "127.0.0.1:0", Echo, new ServerOptions { Loops = Group, IdleGrace = TimeSpan.FromSeconds(3) });
        using Conn client = await Dial(server);
        Assert.Equal(1, await RoundTrip(client));
        Task stopped = server.StopAsync(Timeout.InfiniteTimeSpan);
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(1, await RoundTrip(client));
            await Task.Delay(100);
        }

        Assert.False(stopped.IsCompleted);
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
        await stopped.WaitAsync(s_patience);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Without_a_grace_idle_connections_have_the_whole_drain(BackendKind backend)
    {
        Use(backend);
        Server server = Server.Listen(
            "tcp", "127.0.0.1:0", Echo, new ServerOptions { Loops = Group, IdleGrace = Timeout.InfiniteTimeSpan });
        using Conn client = await Dial(server);
        Assert.Equal(1, await RoundTrip(client));
        Task stopped = server.StopAsync(TimeSpan.FromMilliseconds(900));
        await Task.Delay(500);
        Assert.Equal(1, await RoundTrip(client));
        await stopped.WaitAsync(s_patience);
        AssertNoFaults(); // the handler's read failed, for the server closed its connection
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_handler_that_watches_Stopping_says_goodbye(BackendKind backend)
    {
        Use(backend);
        Server? server = null;
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server = Listen(async conn =>
        {
            entered.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, server!.Stopping);
            }
            finally
            {
                await conn.WriteAsync("bye"u8.ToArray());
            }
        });
        using Conn client = await Dial(server);
        await entered.Task;
        Assert.False(server.Stopping.IsCancellationRequested);
        await server.StopAsync(Timeout.InfiniteTimeSpan).WaitAsync(s_patience);
        byte[] buffer = new byte[10];
        Assert.Equal(3, await client.ReadAsync(buffer));
        AssertNoFaults(); // it threw what the token threw
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_token_ends_the_drain_and_not_the_stop(BackendKind backend)
    {
        Use(backend);
        TaskCompletionSource work = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Server server = Listen(_ => work.Task);
        using Conn client = await Dial(server);
        await UntilServed(server, 1);
        using CancellationTokenSource patience = new();
        Task stopped = server.StopAsync(patience.Token);
        await Task.Delay(100);
        Assert.False(stopped.IsCompleted);
        await patience.CancelAsync();
        Assert.Equal(0, await client.ReadAsync(new byte[1])); // closed, though its handler goes on
        Assert.False(stopped.IsCompleted);
        work.SetResult();
        await stopped.WaitAsync(s_patience);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_second_stop_may_be_more_impatient(BackendKind backend)
    {
        Use(backend);
        Server server = Server.Listen(
            "tcp", "127.0.0.1:0", Echo, new ServerOptions { Loops = Group, IdleGrace = Timeout.InfiniteTimeSpan });
        using Conn client = await Dial(server);
        Assert.Equal(1, await RoundTrip(client));
        Task patient = server.StopAsync(Timeout.InfiniteTimeSpan);
        await Task.Delay(100);
        Assert.False(patient.IsCompleted);
        await server.StopAsync(TimeSpan.Zero).WaitAsync(s_patience);
        await patient.WaitAsync(s_patience);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Who_waits_in_the_kernels_queue_is_served(BackendKind backend)
    {
        Use(backend);
        using LoopGroup one = new(new LoopOptions { Backend = backend, LoopCount = 1 });
        Server server = Server.Listen("tcp", "127.0.0.1:0", Echo, new ServerOptions { Loops = one });
        using ManualResetEventSlim hold = new();
        one.Loops[0].Post(_ => hold.Wait(s_patience));
        List<Conn> clients = [];
        for (int i = 0; i < 50; i++)
        {
            clients.Add(await Dial(server));
        }

        Task stopped = server.StopAsync(Timeout.InfiniteTimeSpan);
        hold.Set();
        int[] echoed = await Task.WhenAll(clients.Select(RoundTrip)).WaitAsync(s_patience);
        Assert.All(echoed, n => Assert.Equal(1, n));
        clients.ForEach(c => c.Dispose());
        await stopped.WaitAsync(s_patience);
        await Assert.ThrowsAsync<OpError>(() => Dial(server));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Peers_that_are_lost_are_counted_and_not_reported(BackendKind backend)
    {
        Use(backend);
        Server server = Listen(Echo);
        for (int i = 0; i < 5; i++)
        {
            using Conn client = await Dial(server);
            Assert.Equal(1, await RoundTrip(client));
            client.SetLinger(0);
        }

        await UntilServed(server, 0);
        await server.StopAsync(TimeSpan.Zero).WaitAsync(s_patience);
        Assert.Equal(5, Group.LostConnections);
        AssertNoFaults();
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_deadline_that_the_handler_lets_through_is_a_loss_also_behind_a_stream(BackendKind backend)
    {
        Use(backend);
        Server server = Listen(async conn =>
        {
            conn.SetDeadline(Deadline.After(TimeSpan.FromMilliseconds(20)));
            using ConnStream stream = conn.AsStream();
            await stream.ReadExactlyAsync(new byte[1]);
        });
        using Conn client = await Dial(server);
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
        await server.StopAsync(TimeSpan.Zero).WaitAsync(s_patience);
        Assert.Equal(1, Group.LostConnections);
        AssertNoFaults();
    }

    // The error is of another connection than the handler's: its own affair.
    [Theory, ClassData(typeof(Backends))]
    public async Task An_error_of_another_connection_is_a_fault(BackendKind backend)
    {
        Use(backend);
        using Socket nobody = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Server server = Listen(async _ => (await new Dialer { Loops = Group }.DialAsync("tcp", nobody.LocalEndPoint!.ToString()!)).Dispose());
        using Conn client = await Dial(server);
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
        await server.StopAsync(TimeSpan.Zero).WaitAsync(s_patience);
        lock (_faults)
        {
            Assert.Equal("dial", Assert.IsType<OpError>(Assert.Single(_faults)).Op);
        }

        Assert.Equal(0, Group.LostConnections);
    }

    // As in Go, a handler sets a deadline for each read; that fails, too, once the server has closed the connection.
    [Theory, ClassData(typeof(Backends))]
    public async Task A_deadline_set_after_the_server_closed_the_connection_is_no_fault(BackendKind backend)
    {
        Use(backend);
        TaskCompletionSource work = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Server server = Listen(async conn =>
        {
            await work.Task;
            conn.SetReadDeadline(Deadline.After(TimeSpan.FromSeconds(1)));
        });
        using Conn client = await Dial(server);
        await UntilServed(server, 1);
        Task stopped = server.StopAsync(TimeSpan.Zero);
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
        work.SetResult();
        await stopped.WaitAsync(s_patience);
        AssertNoFaults();
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task What_handlers_registered_does_not_hold_up_the_end_of_the_drain(BackendKind backend)
    {
        Use(backend);
        using ManualResetEventSlim hold = new();
        Server server = Listen(Echo);
        using CancellationTokenRegistration goodbye = server.Stopping.Register(() => hold.Wait(s_patience));
        using Conn client = await Dial(server);
        Assert.Equal(1, await RoundTrip(client));
        await server.StopAsync(TimeSpan.FromMilliseconds(100)).WaitAsync(s_patience / 2);
        hold.Set();
    }

    // Its client is slow to take what it is sent: the connection is busy, though a read waits.
    [Theory, ClassData(typeof(Backends))]
    public async Task A_connection_that_writes_is_not_idle(BackendKind backend)
    {
        Use(backend);
        byte[] much = new byte[16 * 1024 * 1024];
        Server server = Listen(async conn =>
        {
            Task<int> gone = conn.ReadAsync(new byte[1]).AsTask();
            Task written = conn.WriteAsync(much).AsTask();
            Assert.Same(written, await Task.WhenAny(gone, written));
            conn.CloseRead();
            await gone;
        });
        using Conn client = await Dial(server);
        await UntilServed(server, 1);
        Task stopped = server.StopAsync(Timeout.InfiniteTimeSpan);
        await Task.Delay(700); // more than two graces
        int received = 0;
        byte[] buffer = new byte[1024 * 1024];
        for (int n; (n = await client.ReadAsync(buffer)) > 0; received += n)
        {
        }

        Assert.Equal(much.Length, received);
        await stopped.WaitAsync(s_patience);
        AssertNoFaults();
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Of_several_exceptions_the_one_that_is_no_loss_is_reported(BackendKind backend)
    {
        Use(backend);
        Server server = Listen(conn =>
        {
            conn.SetDeadline(Deadline.After(TimeSpan.FromMilliseconds(20)));
            return Task.WhenAll(conn.ReadAsync(new byte[1]).AsTask(), Task.FromException(new FormatException("its own")));
        });
        using Conn client = await Dial(server);
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
        await server.StopAsync(TimeSpan.Zero).WaitAsync(s_patience);
        lock (_faults)
        {
            Assert.IsType<FormatException>(Assert.Single(_faults));
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public void A_grace_out_of_range_is_refused(BackendKind backend)
    {
        Use(backend);
        foreach (TimeSpan grace in new[] { TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(-5), TimeSpan.FromDays(30) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                Server.Listen("tcp", "127.0.0.1:0", Echo, new ServerOptions { Loops = Group, IdleGrace = grace }));
        }
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task A_group_is_disposed_without_blocking_and_from_its_own_loop(BackendKind backend)
    {
        Use(backend);
        LoopGroup group = new(new LoopOptions { Backend = backend, LoopCount = 2 });
        Server server = Server.Listen("tcp", "127.0.0.1:0", Echo, new ServerOptions { Loops = group });
        using Conn client = await Dial(server);
        Assert.Equal(1, await RoundTrip(client));
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        group.Loops[0].Post(async _ =>
        {
            await group.DisposeAsync();
            ended.SetResult();
        });
        await ended.Task.WaitAsync(s_patience);
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
        await group.DisposeAsync();
        await server.StopAsync(TimeSpan.Zero).WaitAsync(s_patience);
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

    private static async Task UntilServed(Server server, int count)
    {
        long started = Stopwatch.GetTimestamp();
        while (server.ConnectionCount != count)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < s_patience, $"{server.ConnectionCount} connections, not {count}");
            await Task.Delay(1); // the count has no event
        }
    }

    private Server Listen(Func<Conn, Task> handler) => Server.Listen("tcp", "127.0.0.1:0", handler, new ServerOptions { Loops = Group });

    private Task<Conn> Dial(Server server) => new Dialer { Loops = Group }.DialAsync("tcp", server.Address.ToString());

    private void AssertNoFaults()
    {
        lock (_faults)
        {
            Assert.Empty(_faults);
        }
    }
}
