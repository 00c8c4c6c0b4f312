using System.Diagnostics;
using System.Net.Sockets;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>Signals that end a process end it as they should; all others leave its traffic alone.</summary>
public class S36Signals
{
    private const int Connections = 10;
    private const string Hour = "3600";
    private const int ByHangup = 128 + (int)Signal.Hangup;
    private const int ByTerminate = 128 + (int)Signal.Terminate;

    private static readonly int s_stormSignals = Scale.Of(full: 20_000, brief: 2_000);
    private static readonly int s_resets = Scale.Of(full: 500, brief: 100);

    // Less than the patience of the traffic.
    private static readonly TimeSpan s_stopped = Scale.Of(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(1));

    [Scenario(36, "Signals", Brief = true), ClassData(typeof(Backends))]
    public Task Those_that_end_it_act_and_the_others_do_no_harm(BackendKind backend)
    {
        string provoked = $"{s_stormSignals} of SIGCHLD and SIGWINCH, {s_resets} resets into answers (SIGPIPE), SIGSTOP {s_stopped.TotalSeconds:0} s and SIGCONT, "
            + $"{Connections} connections' traffic meanwhile; SIGTERM while it lasts, SIGTERM twice, SIGHUP";
        return Row.RunAsync(backend, provoked, async row =>
        {
            await DisturbAsync(row, backend);
            await DrainAsync(row, backend);
            await EndTwiceAsync(row, backend);
            await HangUpAsync(row, backend);
        });
    }

    private static async Task DisturbAsync(Row row, BackendKind backend)
    {
        await using EngineProcess engine = await StartAsync(backend, drain: "5");
        Footprint before = Footprint.Of(engine);
        CheckedTraffic traffic = CheckedTraffic.Start(engine.EndPoint, Connections);
        await using (traffic)
        {
            await MoreAsync(traffic);
            await StormAsync(engine);
            row.Measure("storm: goes on after, s", await MoreAsync(traffic), most: 1);
            await BreakPipesAsync(engine);
            row.Measure("broken pipes: goes on after, s", await MoreAsync(traffic), most: 1);

            engine.Send(Signal.Stop);
            await Task.Delay(s_stopped); // stopped that long
            engine.Send(Signal.Continue);
            row.Measure("SIGCONT: goes on after, s", await MoreAsync(traffic), most: 1);
        }

        row.Measure("wrong CRCs", traffic.Corrupt, most: 0);
        row.Measure("failed connections", traffic.Failures, most: 0);
        await before.SettleAsync(engine, row);
        row.Measure("lines of log", engine.Errors.SoFar.Length, most: 0);
    }

    // Connections that are busy may finish; that they do, and nothing of what was taken is lost, is what a drain is for.
    private static async Task DrainAsync(Row row, BackendKind backend)
    {
        await using EngineProcess engine = await StartAsync(backend, Hour);
        CheckedTraffic traffic = CheckedTraffic.Start(engine.EndPoint, Connections);
        await using (traffic)
        {
            await MoreAsync(traffic);
            engine.Send(Signal.Terminate);
            long start = Stopwatch.GetTimestamp();
            await RefusedAsync(engine);
            row.Measure("drain: refuses after, ms", Stopwatch.GetElapsedTime(start).TotalMilliseconds, most: Scale.Of(full: 100, brief: 500)); // brief runs have other tests beside them
            await MoreAsync(traffic);
        }

        row.Measure("drain: wrong or failed", traffic.Corrupt + traffic.Failures, most: 0);
        row.Measure("drain: exit code", await engine.ExitAsync(), most: 0);
    }

    private static async Task EndTwiceAsync(Row row, BackendKind backend)
    {
        await using EngineProcess engine = await StartAsync(backend, Hour);
        using Client idle = await Client.ConnectAsync(engine.EndPoint);
        await idle.EchoAsync();
        engine.Send(Signal.Terminate);
        await RefusedAsync(engine);
        long start = Stopwatch.GetTimestamp();
        engine.Send(Signal.Terminate);
        int code = await engine.ExitAsync();
        row.Measure("second SIGTERM: ends after, s", Stopwatch.GetElapsedTime(start).TotalSeconds, most: 1);
        row.Measure("second SIGTERM: exit code", code, least: ByTerminate, most: ByTerminate);
    }

    private static async Task HangUpAsync(Row row, BackendKind backend)
    {
        await using EngineProcess engine = await StartAsync(backend, Hour);
        using Client idle = await Client.ConnectAsync(engine.EndPoint);
        await idle.EchoAsync();
        long start = Stopwatch.GetTimestamp();
        engine.Send(Signal.Hangup);
        int code = await engine.ExitAsync();
        row.Measure("SIGHUP: ends after, s", Stopwatch.GetElapsedTime(start).TotalSeconds, most: 1);
        row.Measure("SIGHUP: exit code", code, least: ByHangup, most: ByHangup);
    }

    private static Task<EngineProcess> StartAsync(BackendKind backend, string drain) =>
        EngineProcess.EchoAsync("--backend", Backends.NameOf(backend), "--drain", drain, "--idle-grace", Hour);

    // To the loops themselves, so that it is their waits that are interrupted; the kernel gives a process's signal to any thread.
    private static async Task StormAsync(EngineProcess engine)
    {
        int[] threads = [.. Directory.EnumerateDirectories($"/proc/{engine.Id}/task").Select(path => int.Parse(Path.GetFileName(path), null))];
        for (int i = 0; i < s_stormSignals; i++)
        {
            Signals.SendTo(engine.Id, threads[i / 2 % threads.Length], i % 2 == 0 ? Signal.Child : Signal.WindowChange);
            if (i % 100 == 99)
            {
                await Task.Yield();
            }
        }
    }

    // Each sends more than it ever reads, and resets: the answer under way has nobody to go to.
    private static async Task BreakPipesAsync(EngineProcess engine)
    {
        byte[] much = new byte[256 * 1024];
        for (int i = 0; i < s_resets; i++)
        {
            Client client = await Client.ConnectAsync(engine.EndPoint);
            _ = client.Socket.SendAsync(much).ContinueWith(t => t.Exception, TaskScheduler.Default);
            await client.ReceiveAsync(1);
            client.Reset();
        }
    }

    /// <summary>Waits for each connection's worth of further messages.</summary>
    /// <returns>How long, in seconds.</returns>
    private static async Task<double> MoreAsync(CheckedTraffic traffic)
    {
        long start = Stopwatch.GetTimestamp();
        long wanted = traffic.Messages + (Connections * 10);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (traffic.Messages < wanted)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < EngineProcess.Patience, "The traffic stands still.");
            await timer.WaitForNextTickAsync();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task RefusedAsync(EngineProcess engine)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < EngineProcess.Patience)
        {
            try
            {
                using Client late = await Client.ConnectAsync(engine.EndPoint);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // It was in the queue when the listener closed.
            }
        }

        Assert.Fail("It still accepts during the drain.");
    }
}
