namespace HotLoop.Load.Tests;

/// <summary>Runs as most tests need them: few connections, little time.</summary>
internal static class Runs
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(500);

    internal static Task<LoadReport> RunAsync(LoadOptions options) => LoadRun.RunAsync(options with
    {
        Connections = options.Connections == 100 ? 8 : options.Connections,
        Duration = options.Duration == LoadOptions.DurationDefault ? s_short : options.Duration,
        WarmUp = TimeSpan.FromMilliseconds(50),
    });

    internal static void AssertClean(LoadReport report)
    {
        Assert.True(report.ErrorCount == 0, TextReport.Of(report));
        Assert.True(report.Requests > 0, TextReport.Of(report));
    }
}
