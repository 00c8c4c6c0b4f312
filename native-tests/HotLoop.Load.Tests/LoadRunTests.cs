using System.Diagnostics;
using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Load.Tests;

public sealed class LoadRunTests : IClassFixture<FdLeakGuard>
{
    public LoadRunTests() => PoolThreads.Ensure();

    [Theory]
    [InlineData(1, 64)]
    [InlineData(16, 64)]
    [InlineData(4, 1024 * 1024)] // far more than sockets hold: reads must go on while a write waits
    public async Task A_closed_loop_has_every_message_back(int depth, int bytes)
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Depth = depth, MessageBytes = bytes, Verify = true });
        Runs.AssertClean(report);
        Assert.InRange(report.BytesReceived, report.Requests * bytes * 0.5, (report.Requests + 1000) * bytes);
        Assert.Equal(8, peer.Accepted);
    }

    [Fact]
    public async Task Several_loops_share_the_connections()
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        LoadReport report = await Runs.RunAsync(
            new LoadOptions { Target = peer.Echo, Loops = new LoopOptions { LoopCount = 3 }, Connections = 7, Verify = true });
        Runs.AssertClean(report);
        Assert.Equal(3, report.Loops);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task An_open_loop_sends_what_is_due(int? depth)
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Rate = 2000, Depth = depth, Verify = true });
        Runs.AssertClean(report);
        Assert.InRange(report.Latencies.Count, 998, 1002); // what is due in half a second
        Assert.NotNull(report.Late);
    }

    // The server stops for 200 ms: what was due then waited up to as long, though it was sent only later, if at all.
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task A_stall_delays_all_that_was_due_in_it(int? depth)
    {
        TimeSpan stall = TimeSpan.FromMilliseconds(200);
        int stalls = 0;
        await using TcpPeer peer = new(async (connection, _) =>
        {
            byte[] buffer = new byte[64];
            for (int messages = 0; await connection.ReceiveAsync(buffer) is int count and > 0; messages++)
            {
                if (messages == 100 && Interlocked.Increment(ref stalls) == 1)
                {
                    await Task.Delay(stall); // what the test is about
                }

                await TcpPeer.SendAllAsync(connection, buffer.AsMemory(0, count));
            }
        });
        LoadReport report = await Runs.RunAsync(new LoadOptions
        {
            Target = peer.Echo,
            Connections = 1,
            Rate = 1000,
            Depth = depth,
            Duration = TimeSpan.FromSeconds(1),
        });
        Runs.AssertClean(report);
        Assert.Equal(1, stalls);
        Assert.InRange(report.Latencies.Max, 190_000_000, 2_000_000_000);
        Assert.InRange(report.Latencies.Percentile(90), 80_000_000, 2_000_000_000); // a fifth of all was due in the stall
    }

    [Fact]
    public async Task What_is_never_answered_counts_with_the_time_it_was_waited_for()
    {
        await using TcpPeer peer = new(async (connection, _) =>
        {
            byte[] buffer = new byte[64];
            while (await connection.ReceiveAsync(buffer) > 0)
            {
            }
        });
        LoadReport report = await Runs.RunAsync(new LoadOptions
        {
            Target = peer.Echo,
            Rate = 1000,
            Duration = TimeSpan.FromMilliseconds(200),
            Timeout = TimeSpan.FromMilliseconds(400),
        });
        Assert.Equal(0, report.Requests);
        Assert.Equal(200, report.Latencies.Count, 2.0);
        Assert.InRange(report.Latencies.Percentile(50), 200_000_000, 5_000_000_000);
        Assert.True(report.ErrorCount >= 200, TextReport.Of(report));
        Assert.False(report.HasSucceeded);
    }

    // More than one thread can send: the generator is late, and what it had not sent by the end was due all the same.
    [Fact]
    public async Task Every_request_of_an_open_loop_is_in_the_figures_even_when_the_generator_is_too_slow()
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Rate = 1_000_000, Timeout = TimeSpan.FromSeconds(1) });
        Assert.Equal(500_000, report.Latencies.Count, 2.0);
        Assert.True(report.Late > TimeSpan.FromMilliseconds(100), TextReport.Of(report));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task In_a_closed_loop_too_what_is_never_answered_counts_with_the_time_it_was_waited_for(int depth)
    {
        await using TcpPeer peer = new(async (connection, number) =>
        {
            byte[] buffer = new byte[64 * depth];
            for (int reads = 0; await connection.ReceiveAsync(buffer) is int count and > 0; reads++)
            {
                if (number % 2 == 0 || reads < 20)
                {
                    await TcpPeer.SendAllAsync(connection, buffer.AsMemory(0, count));
                }
            }
        });
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Depth = depth, Timeout = TimeSpan.FromMilliseconds(200) });
        Assert.True(report.HasSucceeded);
        Assert.InRange(report.Latencies.Max, 200_000_000, 2_000_000_000);
        Assert.True(report.Errors["timeout"] >= 4 * depth, TextReport.Of(report));
    }

    [Theory]
    [InlineData(LoadMode.Churn)]
    [InlineData(LoadMode.Idle)]
    public async Task One_request_may_be_longer_than_the_sockets_hold(LoadMode mode)
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        LoadReport report = await Runs.RunAsync(new LoadOptions
        {
            Target = peer.Echo,
            Mode = mode,
            Connections = 2,
            MessageBytes = LoadOptions.WriteBytesMax,
            Verify = true,
        });
        Assert.True(report.ErrorCount == 0 && report.HasSucceeded, TextReport.Of(report));
    }

    [Fact]
    public async Task Who_stops_it_while_it_connects_does_not_wait_for_the_connections()
    {
        using Socket full = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        full.Listen(1); // and nobody accepts: what does not fit its queue is not answered
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(300));
        Stopwatch watch = Stopwatch.StartNew();
        LoadReport report = await LoadRun.RunAsync(
            new LoadOptions
            {
                Target = new LoadTarget(LoadProtocol.Echo, full.LocalEndPoint!.ToString()!, ""),
                Timeout = TimeSpan.FromSeconds(60),
            },
            stop: stop.Token);
        Assert.False(report.HasSucceeded);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_rate_of_nearly_nothing_ends_in_time_too()
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(300));
        Stopwatch watch = Stopwatch.StartNew();
        LoadReport report = await LoadRun.RunAsync(
            new LoadOptions { Target = peer.Echo, Rate = 0.001, Duration = TimeSpan.FromHours(1) }, stop: stop.Token);
        Assert.Equal(0, report.ErrorCount);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Churn_opens_a_connection_for_each_request_and_leaves_none()
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Mode = LoadMode.Churn, Verify = true });
        Runs.AssertClean(report);
        Assert.True(peer.Accepted > report.Requests, TextReport.Of(report)); // those of the warm-up and of the beginning too
    }

    [Fact]
    public async Task Idle_connections_are_held_to_the_end()
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Mode = LoadMode.Idle, Connections = 200 });
        Assert.Equal(200, report.Held);
        Assert.Equal(0, report.ErrorCount);
        Assert.True(report.HasSucceeded);
    }

    [Fact]
    public async Task An_idle_connection_that_the_server_closes_is_an_error()
    {
        TaskCompletionSource all = new();
        await using TcpPeer peer = new(async (connection, number) =>
        {
            if (number <= 8)
            {
                byte[] buffer = new byte[64];
                await TcpPeer.SendAllAsync(connection, buffer.AsMemory(0, await connection.ReceiveAsync(buffer)));
                if (number == 3)
                {
                    return;
                }
            }

            await all.Task;
        });
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Mode = LoadMode.Idle, Timeout = TimeSpan.FromSeconds(1) });
        all.SetResult();
        Assert.Equal(7, report.Held);
        Assert.Equal(1, report.Errors["closed by the server"]);
    }

    [Fact]
    public async Task A_server_that_refuses_is_said_at_once()
    {
        LoadTarget target;
        await using (TcpPeer gone = new(TcpPeer.EchoAsync))
        {
            target = gone.Echo;
        }

        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = target, Duration = TimeSpan.FromHours(1) });
        Assert.False(report.HasSucceeded);
        Assert.Equal(8, report.Errors["refused"]);
        Assert.Equal(TimeSpan.Zero, report.Measured);
    }

    [Fact]
    public async Task A_host_that_is_not_known_is_said_at_once()
    {
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = new LoadTarget(LoadProtocol.Echo, "nowhere.invalid:1", "") });
        Assert.False(report.HasSucceeded);
        Assert.Equal(8, report.Errors["unknown host"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2000.0)]
    public async Task After_a_reset_a_new_connection_goes_on(double? rate)
    {
        await using TcpPeer peer = new(async (connection, number) =>
        {
            if (number > 8)
            {
                await TcpPeer.EchoAsync(connection);
            }

            byte[] buffer = new byte[64];
            for (int i = 0; i < 10; i++)
            {
                await TcpPeer.SendAllAsync(connection, buffer.AsMemory(0, await connection.ReceiveAsync(buffer)));
            }

            TcpPeer.Reset(connection);
        });
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Rate = rate });
        Assert.Equal(16, peer.Accepted);
        Assert.True(report.Requests > 100, TextReport.Of(report));
        Assert.True(report.Errors["reset"] >= 8, TextReport.Of(report));
    }

    [Theory]
    [InlineData(true, "wrong bytes")]
    [InlineData(false, null)]
    public async Task A_byte_that_changed_is_seen_by_who_verifies(bool verify, string? kind)
    {
        await using TcpPeer peer = new(async (connection, _) =>
        {
            byte[] buffer = new byte[64];
            for (int messages = 0; await connection.ReceiveAsync(buffer) is int count and > 0; messages++)
            {
                buffer[messages % 64] ^= (byte)(messages == 50 ? 4 : 0);
                await TcpPeer.SendAllAsync(connection, buffer.AsMemory(0, count));
            }
        });
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Verify = verify });
        Assert.Equal(kind is null ? [] : [kind], report.Errors.Keys);
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_ends_its_connection()
    {
        TaskCompletionSource end = new();
        await using TcpPeer peer = new((_, _) => end.Task);
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, Timeout = TimeSpan.FromMilliseconds(200) });
        end.SetResult();
        Assert.False(report.HasSucceeded);
        Assert.True(report.Errors["timeout"] >= 8, TextReport.Of(report));
    }

    [Fact]
    public async Task Who_stops_it_early_gets_the_report_so_far()
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        using CancellationTokenSource stop = new();
        LoadReport report = await LoadRun.RunAsync(
            new LoadOptions { Target = peer.Echo, Duration = TimeSpan.FromHours(1), WarmUp = TimeSpan.Zero },
            progress =>
            {
                if (progress.RequestsPerSecond > 0)
                {
                    stop.Cancel();
                }
            },
            stop.Token);
        Runs.AssertClean(report);
        Assert.InRange(report.Measured, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_server_s_use_of_the_machine_is_read()
    {
        await using TcpPeer peer = new(TcpPeer.EchoAsync);
        LoadReport report = await Runs.RunAsync(new LoadOptions { Target = peer.Echo, ServerPid = Environment.ProcessId });
        Assert.NotNull(report.Server);
        Assert.True(report.Server.Cpu > TimeSpan.Zero);
        Assert.True(report.Server.RssBytesBefore > 1 << 20);
        Assert.True(report.ServerMicrosecondsPerRequest > 0);
    }
}
