using System.Diagnostics;
using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak;

/// <summary>One soak from the start of the server to the verdict.</summary>
internal sealed class SoakRun(SoakOptions options, TextWriter output)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <returns>Whether it was good.</returns>
    internal async Task<bool> RunAsync(CancellationToken stop)
    {
        await using EngineProcess? engine = options.Target is null
            ? await EngineProcess.StartAsync(options.Engine, options.Backend, options.Loops, options.GcStress)
            : null;
        string address = engine?.Address ?? options.Target!;
        string server = engine is null
            ? $"target {address}, process {options.ServerPid}"
            : $"{options.Engine} --backend {options.Backend} --loops {options.Loops}{(options.GcStress ? ", gc stress" : "")}";
        output.WriteLine($"soak: {server}; {options.Duration.TotalSeconds:0.#} s, seed {options.Seed}");

        using ServerProbe probe = new(engine?.Id ?? options.ServerPid);
        int descriptors = probe.TryRead()?.Descriptors ?? 0;
        using Load load = Load.Start(new SoakTarget(address), options.Seed);
        Sampler sampler = new(probe, load, output);
        bool isThere = await sampler.RunAsync(options.Duration, stop);
        int hanging = await load.StopAsync();

        long steady = sampler.Samples.Count > 0 ? WarmUp.FirstSteady(sampler.Samples, options.Duration).RssBytes : 0;
        ServerReading? settled = isThere
            ? await SettleAsync(probe, r => r.Descriptors <= descriptors && r.RssBytes <= options.Limits.MaxRssBytes(steady), stop)
            : null;
        SoakOutcome outcome = new()
        {
            DescriptorsBefore = descriptors,
            DescriptorsAfter = settled?.Descriptors ?? 0,
            SteadyRssBytes = steady,
            SettledRssBytes = settled?.RssBytes ?? 0,
            Scenarios = load.Sum(),
            IsServerLost = settled is null,
            HangingCopies = hanging,
            End = engine is null ? null : await engine.EndAsync(),
        };
        IReadOnlyList<string> reasons = Verdict.Judge(outcome, options.Limits);
        Table.WriteResult(output, outcome);
        Save(new SoakReport(server, options.Duration.TotalSeconds, options.Seed, reasons, outcome, sampler.Samples));
        foreach (string reason in reasons)
        {
            output.WriteLine($"failed: {reason}");
        }

        output.WriteLine(reasons.Count == 0 ? "good" : $"repeat with: --seed {options.Seed}");
        return reasons.Count == 0;
    }

    /// <summary>Looks until the server is as it should be, or its time is over.</summary>
    /// <returns>The last look; null when the server is gone.</returns>
    private async Task<ServerReading?> SettleAsync(ServerProbe probe, Func<ServerReading, bool> isSettled, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            ServerReading? reading = probe.TryRead();
            if (reading is null || isSettled(reading.Value) || Stopwatch.GetElapsedTime(start) > options.Settle)
            {
                return reading;
            }

            await Task.Delay(s_look, stop);
        }
    }

    private void Save(SoakReport report)
    {
        if (options.JsonPath is not null)
        {
            report.Save(options.JsonPath);
        }

        if (options.SvgPath is not null)
        {
            File.WriteAllText(options.SvgPath, Chart.Render(report));
        }
    }
}
