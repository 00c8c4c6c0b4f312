using System.Globalization;
using HotLoop.Faults.Frame;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>What a server holds: taken when it is quiet, before a scenario, and compared afterwards.</summary>
/// <param name="Descriptors">Open ones.</param>
/// <param name="Sockets">Those that are sockets: its listeners.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="RssBytes">Resident memory.</param>
internal readonly record struct Footprint(int Descriptors, int Sockets, int Threads, long RssBytes)
{
    private const int Slack = 2;
    private const double RssFactor = 1.1;
    private const long RssSlackBytes = 32 << 20;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    internal static Footprint Of(EngineProcess engine)
    {
        string status = File.ReadLines($"/proc/{engine.Id}/status").First(l => l.StartsWith("Threads:", StringComparison.Ordinal));
        return new Footprint(
            Directory.EnumerateFileSystemEntries($"/proc/{engine.Id}/fd").Count(),
            TestKit.Engine.Descriptors.SocketCount(engine.Id),
            int.Parse(status["Threads:".Length..], CultureInfo.InvariantCulture),
            engine.ResidentBytes);
    }

    /// <summary>Waits up to 5 s until the server holds what it held before, and notes what is left over.</summary>
    /// <param name="engine">The server.</param>
    /// <param name="row">Where it is noted.</param>
    /// <param name="part">Of the scenario, where it has several that each look.</param>
    internal async Task SettleAsync(EngineProcess engine, Row row, string? part = null)
    {
        Footprint now = Of(engine);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        for (TimeSpan waited = TimeSpan.Zero; !IsSettled(now) && waited < s_limit; waited += timer.Period)
        {
            await timer.WaitForNextTickAsync();
            now = Of(engine);
        }

        string of = part is null ? "" : $"{part}: ";
        row.Measure($"{of}descriptors left over", now.Descriptors - Descriptors, most: Slack);
        row.Measure($"{of}sockets left over", now.Sockets - Sockets, most: 0);
        row.Measure($"{of}threads left over", now.Threads - Threads, most: Slack);
        row.Measure($"{of}RSS growth, MiB", (now.RssBytes - RssBytes) / 1048576.0, most: ((RssBytes * (RssFactor - 1)) + RssSlackBytes) / 1048576);
    }

    private bool IsSettled(in Footprint now) =>
        now.Descriptors <= Descriptors + Slack && now.Sockets <= Sockets && now.Threads <= Threads + Slack;
}
