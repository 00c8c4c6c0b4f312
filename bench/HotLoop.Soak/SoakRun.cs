using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak;

/// <summary>One soak from the start of the server to the verdict.</summary>
internal sealed class SoakRun(SoakOptions options, TextWriter output)
{
    /// <returns>Whether it was good.</returns>
    internal async Task<bool> RunAsync(CancellationToken stop)
    {
        using GcStress? stress = GcStress.For(options.Duration, options.GcStress);
        await using EngineProcess? engine = options.Target is null
            ? await EngineProcess.StartAsync(options.Engine, options.Backend, options.Loops, stress)
            : null;
        string address = engine?.Address ?? options.Target!;
        string server = engine is null
            ? $"target {address}, process {options.ServerPid}"
            : $"{options.Engine} --backend {options.Backend} --loops {options.Loops}{(stress is null ? "" : $", {stress}")}";
        output.WriteLine($"soak: {server}; {options.Duration.TotalSeconds:0.#} s, seed {options.Seed}");

        using ServerProbe probe = new(engine?.Id ?? options.ServerPid);
        int descriptors = probe.Read().Descriptors;
        using Load load = Load.Start(new SoakTarget(address), options.Seed);
        Sampler sampler = new(probe, load, output);
        bool isThere = await sampler.RunAsync(options.Duration, stop);
        int hanging = await load.StopAsync();

        long steady = sampler.Samples.Count > 0 ? WarmUp.FirstSteady(sampler.Samples, options.Duration).RssBytes : 0;
        ServerReading? settled = isThere
            ? await probe.SettleAsync(descriptors, options.Limits.MaxRssBytes(steady), options.Settle, stop)
            : null;
        SoakOutcome outcome = new()
        {
            DescriptorsBefore = descriptors,
            DescriptorsAfter = settled?.Descriptors ?? 0,
            SteadyRssBytes = steady,
            SettledRssBytes = settled?.RssBytes ?? 0,
            RssMebibytesPerHour = RssTrend.MebibytesPerHour(sampler.Samples, options.Duration),
            Scenarios = load.Sum(),
            IsServerLost = settled is null,
            HangingCopies = hanging,
            GcStress = stress?.ReadSummary(),
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
