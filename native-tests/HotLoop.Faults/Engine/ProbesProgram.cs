using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>
/// A process of ordinary clients: for so many seconds one every 50 ms, whether or not those before it are done, that connects, has a message
/// echoed, and closes, all within 2 s. Its line: <see cref="ProbeCounts"/>.
/// </summary>
internal static class ProbesProgram
{
    internal const string Command = "probes";
    internal const int PerSecond = 20;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    internal static async Task<int> RunAsync(string server, string seconds)
    {
        IPEndPoint address = IPEndPoint.Parse(server);
        TimeSpan time = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        List<Task<(double Began, double? Took)>> running = [];
        Stopwatch watch = Stopwatch.StartNew();
        await ProbeAsync(address, watch); // compiles what the others measure
        watch.Restart();
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1.0 / PerSecond));
        while (watch.Elapsed < time)
        {
            running.Add(ProbeAsync(address, watch));
            await timer.WaitForNextTickAsync();
        }

        (double Began, double? Took)[] probes = await Task.WhenAll(running);
        Console.WriteLine(JsonSerializer.Serialize(new ProbeCounts(
            probes.Length,
            probes.Count(p => p.Took is not null),
            probes.Max(p => p.Took ?? 0) * 1000,
            probes.Where(p => p.Took is null).Select(p => p.Began).DefaultIfEmpty().Max())));
        return 0;
    }

    /// <summary>Runs it beside this process, which may have other things to do, on a server.</summary>
    internal static async Task<ProbeCounts> StartAsync(EngineProcess server, int seconds)
    {
        await using EngineProcess process = EngineProcess.Run(
            Path.Combine(AppContext.BaseDirectory, "HotLoop.Faults"), [Command, $"{server.EndPoint}", $"{seconds}"]);
        await Task.Delay(TimeSpan.FromSeconds(seconds)); // so long it runs at least
        return await ProgramResult.OfAsync<ProbeCounts>(process);
    }

    private static async Task<(double Began, double? Took)> ProbeAsync(IPEndPoint server, Stopwatch watch)
    {
        double began = watch.Elapsed.TotalSeconds;
        using CancellationTokenSource limit = new(s_limit);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            byte[] message = [1, 2, 3];
            await socket.ConnectAsync(server, limit.Token);
            await socket.SendAsync(message, limit.Token);
            byte[] echo = new byte[message.Length];
            for (int count = 0, received = 1; count < echo.Length && received > 0; count += received)
            {
                received = await socket.ReceiveAsync(echo.AsMemory(count), limit.Token);
            }

            return (began, echo.SequenceEqual(message) ? watch.Elapsed.TotalSeconds - began : null);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return (began, null);
        }
    }
}

/// <summary>What <see cref="ProbesProgram"/> saw.</summary>
/// <param name="Started">Clients.</param>
/// <param name="Succeeded">Of these.</param>
/// <param name="LongestMs">Of those that succeeded.</param>
/// <param name="LastFailureSeconds">When the last one that failed began, from the beginning of all; 0: none failed.</param>
internal sealed record ProbeCounts(int Started, int Succeeded, double LongestMs, double LastFailureSeconds)
{
    internal double SucceededPercent => Succeeded * 100.0 / Started;
}
