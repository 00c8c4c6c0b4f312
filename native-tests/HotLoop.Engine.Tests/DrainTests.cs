using System.Diagnostics;
using System.Net.Sockets;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

/// <summary>The end by a signal. A drain of an hour stands for "did not wait for it", for no test waits so long.</summary>
public class DrainTests
{
    private const string Hour = "3600";

    public static TheoryData<int> EndingSignals => [(int)Signal.Interrupt, (int)Signal.Terminate];

    [Theory]
    [MemberData(nameof(EndingSignals))]
    public async Task Without_connections_a_signal_ends_it_at_once(int signal)
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--drain", Hour);
        engine.Send((Signal)signal);
        Assert.Equal(0, await engine.ExitAsync());
        Assert.Equal([engine.ReadyLine], await engine.Output.ToEndAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
    }

    [Theory]
    [MemberData(nameof(EndingSignals))]
    public async Task An_idle_connection_is_closed_when_the_drain_is_over(int signal)
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--drain", "1", "--idle-grace", Hour);
        using Client idle = await Client.ConnectAsync(engine.EndPoint);
        await idle.EchoAsync();

        Stopwatch watch = Stopwatch.StartNew();
        engine.Send((Signal)signal);
        await idle.WaitClosedAsync();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 5);
        Assert.Equal(0, await engine.ExitAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
    }

    [Fact]
    public async Task Idle_connections_do_not_cost_the_drain()
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--drain", Hour);
        Client[] idle = await Client.ConnectAsync(engine.EndPoint, 200);
        await Task.WhenAll(idle.Select(client => client.EchoAsync()));
        engine.Send(Signal.Terminate);
        await Task.WhenAll(idle.Select(client => client.WaitClosedAsync()));
        Assert.Equal(0, await engine.ExitAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
        Array.ForEach(idle, client => client.Dispose());
    }

    [Fact]
    public async Task A_drain_of_nothing_closes_idle_connections_at_once()
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--drain", "0");
        using Client idle = await Client.ConnectAsync(engine.EndPoint);
        await idle.EchoAsync();
        engine.Send(Signal.Terminate);
        await idle.WaitClosedAsync();
        Assert.Equal(0, await engine.ExitAsync());
    }

    // Both loops have clients here; the kernel chooses which loop gets which.
    [Fact]
    public async Task During_the_drain_clients_are_served_and_newcomers_refused_and_the_last_to_leave_ends_it()
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--drain", Hour, "--idle-grace", Hour);
        Client[] clients = await Client.ConnectAsync(engine.EndPoint, 20);
        await Task.WhenAll(clients.Select(client => client.EchoAsync()));

        engine.Send(Signal.Terminate);
        await WaitRefusedAsync(engine);
        await Task.WhenAll(clients.Select(client => client.EchoAsync(7)));

        foreach (Client client in clients)
        {
            Assert.True(engine.IsRunning);
            await client.EchoAsync(9);
            client.Dispose();
        }

        Assert.Equal(0, await engine.ExitAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
    }

    [Fact]
    public async Task A_client_that_sends_without_pause_does_not_outlive_the_drain()
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--drain", "0.2");
        using Client busy = await Client.ConnectAsync(engine.EndPoint);
        await busy.EchoAsync();
        engine.Send(Signal.Terminate);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true)
            {
                await busy.EchoAsync();
            }
        });
        Assert.Equal(0, await engine.ExitAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
    }

    [Fact]
    public async Task The_port_can_be_taken_again_right_after_the_end()
    {
        int port;
        await using (EngineProcess first = await EngineProcess.EchoAsync("--drain", "0"))
        {
            port = first.Port;
            using Client client = await Client.ConnectAsync(first.EndPoint);
            await client.EchoAsync();
            first.Send(Signal.Terminate);
            Assert.Equal(0, await first.ExitAsync());
        }

        // The first end closed the client's connection, whose remains wait in TIME_WAIT on that port.
        await using EngineProcess second = await EngineProcess.EchoOnAsync($"127.0.0.1:{port}");
        using Client next = await Client.ConnectAsync(second.EndPoint);
        await next.EchoAsync();
    }

    private static async Task WaitRefusedAsync(EngineProcess engine)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < EngineProcess.Patience)
        {
            try
            {
                using Client late = await Client.ConnectAsync(engine.EndPoint);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // It was in the queue when the listener closed.
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return;
            }
        }

        Assert.Fail("It still accepts during the drain.");
    }
}
