using System.Diagnostics;
using System.Globalization;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>
/// A flood of SYNs is the kernel's to bear: the engine sees none of it, serves all whom SYN cookies let through, and once it is over serves
/// everybody.
/// </summary>
public class S11SynFlood
{
    private const int Rate = 20_000;
    private const int RateLeast = 15_000;
    private const int LimitSeconds = 60;

    private static readonly int s_seconds = Scale.Of(full: 10, brief: 2);

    [Scenario(11, "SYN flood", Needs = "ip unshare nsenter", InNamespace = true), ClassData(typeof(Backends))]
    public Task The_engine_does_not_notice(BackendKind backend)
    {
        string provoked = $"{Rate} SYN/s whose SYN-ACKs get no answer, {s_seconds} s, with SYN cookies and without; "
            + $"{ProbesProgram.PerSecond} probes a second, each within 2 s";
        return Row.RunAsync(backend, provoked, async row =>
        {
            await RunAsync(row, backend, hasCookies: true);
            await RunAsync(row, backend, hasCookies: false);
        });
    }

    private static async Task RunAsync(Row row, BackendKind backend, bool hasCookies)
    {
        string how = hasCookies ? "cookies" : "no cookies";
        await using SinkNetwork network = await SinkNetwork.CreateAsync(hasCookies);
        await using EngineProcess engine = EngineProcess.StartBy(
            "nsenter", network.Entering, "echo", "--listen", $"{SinkNetwork.Address}:0", "--loops", "2", "--backend", Backends.NameOf(backend));
        await engine.WaitReadyAsync();
        await ProbeAsync(network, engine, seconds: 1); // what is compiled and made once is there by now
        (ProbeCounts alone, _) = await ProbeAsync(network, engine, seconds: 2);
        row.Measure($"{how}: probes that succeed before it, %", alone.SucceededPercent, least: 100);
        Footprint before = Footprint.Of(engine);

        (ProbeCounts meanwhile, double busy) = await FloodAsync(row, how, network, engine, hasCookies ? "SyncookiesSent" : "ListenDrops");
        row.Measure($"{how}: probes", meanwhile.Started, least: s_seconds * ProbesProgram.PerSecond / 2);
        row.Measure($"{how}: probes that succeed, %", meanwhile.SucceededPercent, least: hasCookies ? 100 : null);
        row.Measure($"{how}: the longest of these, ms", meanwhile.LongestMs);

        // Without cookies the queue is still full at first.
        (ProbeCounts after, double idle) = await ProbeAsync(network, engine, seconds: hasCookies ? 4 : 6);
        row.Measure($"{how}: % of a core more than with probes alone afterwards", busy - idle, most: 10);
        row.Measure($"{how}: last probe that failed, s after the flood", after.LastFailureSeconds, most: hasCookies ? 0 : 5);
        await before.SettleAsync(engine, row, how);
        row.Measure($"{how}: lines on standard error", engine.Errors.SoFar.Length, most: 0);
    }

    private static async Task<(ProbeCounts Meanwhile, double Busy)> FloodAsync(Row row, string how, SinkNetwork network, EngineProcess engine, string counter)
    {
        long countBefore = network.Count(counter);
        await using EngineProcess flood = network.Run(SynFloodProgram.Command, Address(engine), $"{Rate}", $"{LimitSeconds}");
        Assert.True(await flood.Output.FindAsync(line => line == "begun") is not null, $"No flood: {string.Join('\n', flood.Errors.SoFar)}");
        (ProbeCounts Meanwhile, double Busy) probed = await ProbeAsync(network, engine, s_seconds);
        flood.Send(Signal.Terminate);
        SynsSent sent = await ProgramResult.OfAsync<SynsSent>(flood);
        row.Measure($"{how}: SYNs a second", sent.Count / sent.Seconds, least: RateLeast);
        row.Measure($"{how}: of these in {counter}, %", (network.Count(counter) - countBefore) * 100.0 / sent.Count, least: 50);
        return probed;
    }

    /// <returns>What the probes saw, and how much of a core, in %, the server used meanwhile.</returns>
    private static async Task<(ProbeCounts Counts, double Cpu)> ProbeAsync(SinkNetwork network, EngineProcess engine, int seconds)
    {
        TimeSpan cpu = engine.ProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await using EngineProcess probes = network.Run(ProbesProgram.Command, Address(engine), $"{seconds}");
        await Task.Delay(TimeSpan.FromSeconds(seconds)); // so long it runs at least
        ProbeCounts counts = await ProgramResult.OfAsync<ProbeCounts>(probes);
        return (counts, (engine.ProcessorTime - cpu).TotalSeconds * 100 / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static string Address(EngineProcess engine) => $"{SinkNetwork.Address}:{engine.Port.ToString(CultureInfo.InvariantCulture)}";
}
