using HotLoop.Soak.Scenarios;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace HotLoop.Soak.NBomber;

/// <summary>A soak whose load is NBomber's. The engine and the verdict are those of the built-in runner.</summary>
internal static class BomberRun
{
    // Of its own: NBomber empties the folder of its reports when it starts.
    private const string ReportFolder = "artifacts/soak-nbomber";
    private const string LicenseVariable = "NBOMBER_LICENSE";

    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(10);

    // NBomber measures whole iterations, connecting included, and not the round trips whose latency the built-in runner limits.
    private static readonly SoakLimits s_limits = new(MaxRssGrowthBytes: null, MaxLatency: SoakTarget.Patience);

    /// <returns>Whether it was good.</returns>
    internal static async Task<bool> RunAsync(string enginePath, TimeSpan duration)
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(enginePath, "auto", loops: 0, stress: null);
        using ServerProbe probe = new(engine.Id);
        int descriptors = probe.Read().Descriptors;

        Task<NodeStats> load = Task.Run(() => Bomb(new SoakTarget(engine.Address), duration));
        await Task.Delay(TimeSpan.FromSeconds(WarmUp.Seconds(duration)));
        long steady = probe.TryRead()?.RssBytes ?? 0;
        NodeStats stats = await load;

        ServerReading? settled = await probe.SettleAsync(
            descriptors, s_limits.MaxRssBytes(steady), s_settle, CancellationToken.None);
        SoakOutcome outcome = new()
        {
            DescriptorsBefore = descriptors,
            DescriptorsAfter = settled?.Descriptors ?? 0,
            SteadyRssBytes = steady,
            SettledRssBytes = settled?.RssBytes ?? 0,
            Scenarios = BomberScenario.Summarize(stats),
            IsServerLost = settled is null,
            End = await engine.EndAsync(),
        };
        IReadOnlyList<string> reasons = Verdict.Judge(outcome, s_limits);
        Table.WriteResult(Console.Out, outcome);
        foreach (string reason in reasons)
        {
            Console.WriteLine($"failed: {reason}");
        }

        return reasons.Count == 0;
    }

    private static NodeStats Bomb(SoakTarget target, TimeSpan duration)
    {
        ScenarioProps[] scenarios = [.. Catalogue.All.Select(entry => BomberScenario.Create(entry, target, duration))];
        var context = NBomberRunner
            .RegisterScenarios(scenarios)
            .WithTestSuite("hotloop")
            .WithTestName("soak")
            .WithReportFolder(ReportFolder)
            .WithReportFormats(ReportFormat.Txt, ReportFormat.Csv, ReportFormat.Md, ReportFormat.Html);

        // Within an organisation its licence asks for a key.
        string? license = Environment.GetEnvironmentVariable(LicenseVariable);
        return (string.IsNullOrEmpty(license) ? context : context.WithLicense(license)).Run();
    }
}
