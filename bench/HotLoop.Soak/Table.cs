using System.Globalization;
using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak;

/// <summary>What the soak prints.</summary>
internal static class Table
{
    private const double BytesPerMebibyte = 1024 * 1024;

    /// <summary>The server as it is at the end of these samples, and what the load did during them.</summary>
    internal static string ProgressLine(IReadOnlyList<Sample> samples)
    {
        Sample last = samples[^1];
        ScenarioSummary[] scenarios = [.. samples.SelectMany(s => s.Scenarios)];
        double echo = scenarios.Where(s => s.Scenario == Catalogue.Echo).Max(s => s.Latency.P99);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{last.Seconds,6:0} s  rss {last.RssBytes / BytesPerMebibyte,6:0.0} MiB  descriptors {last.Descriptors,4}  "
                + $"threads {last.Threads,3}  cpu {samples.Average(s => s.ProcessorPercent),4:0} %  "
                + $"iterations {scenarios.Sum(s => s.Iterations),6}  failures {scenarios.Sum(s => s.Failures),3}  "
                + $"echo p99 up to {echo:0.0} ms");
    }

    /// <summary>A row for each scenario, and what became of the server.</summary>
    internal static void WriteResult(TextWriter output, SoakOutcome outcome)
    {
        output.WriteLine();
        output.WriteLine($"{"scenario",-12} {"iterations",10} {"failures",9} {"MiB",10} {"p50 ms",9} {"p99 ms",9} {"max ms",9}");
        foreach (ScenarioSummary s in outcome.Scenarios)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{s.Scenario,-12} {s.Iterations,10} {s.Failures,9} {s.Bytes / BytesPerMebibyte,10:0.0} "
                    + $"{s.Latency.P50,9:0.00} {s.Latency.P99,9:0.00} {s.Latency.Max,9:0.00}"));
        }

        output.WriteLine();
        if (!outcome.IsServerLost)
        {
            output.WriteLine($"descriptors: {outcome.DescriptorsBefore} before, {outcome.DescriptorsAfter} after");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"memory: {outcome.SteadyRssBytes / BytesPerMebibyte:0.0} MiB when warm, "
                    + $"{outcome.SettledRssBytes / BytesPerMebibyte:0.0} MiB after"));
        }

        if (outcome.RssMebibytesPerHour is { } slope)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory, second half: {slope:+0.0;-0.0;0.0} MiB an hour"));
        }

        if (outcome.GcStress is { } stress)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"collections under stress: {stress.Collections}, {stress.Compacting} of them compacting, longest pause {stress.LongestPause:0.0} ms"));
        }

        if (outcome.End is { ExitCode: not null } end)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"engine: exit code {end.ExitCode}, {end.Seconds:0.00} s after SIGTERM"));
        }
    }
}
