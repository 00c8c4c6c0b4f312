using System.Globalization;
using System.Text;
using HotLoop.Explorer.Exploring;
using HotLoop.Explorer.Rewriting;
using HotLoop.TestKit;

namespace HotLoop.Explorer;

/// <summary>What has been explored so far, written to artifacts/explorer.md after each scenario.</summary>
internal static class Counts
{
    private static readonly SortedSet<string> s_scenarios = new(StringComparer.Ordinal);
    private static readonly SortedSet<string> s_mutants = new(StringComparer.Ordinal);

    /// <summary>The bound.</summary>
    internal static int Preemptions { get; } =
        int.Parse(Environment.GetEnvironmentVariable("HOTLOOP_EXPLORER_PREEMPTIONS") ?? "2", CultureInfo.InvariantCulture);

    internal static string Add(string scenario, Findings findings)
    {
        string row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {scenario} | {findings.Interleavings:N0} | {findings.Steps:N0} | {findings.States:N0} | {findings.Preemptions} | {(findings.IsExhausted ? "yes" : "no")} |");
        s_scenarios.Add(row);
        Write();
        return $"{row} {findings.Elapsed.TotalSeconds:N1} s";
    }

    internal static string Add(Mutant mutant, Findings findings)
    {
        string row = $"| {mutant} | {findings.Failure!.Split('\n')[0].Trim()} | {findings.FailurePreemptions} |";
        s_mutants.Add(row);
        Write();
        return $"{row} {findings.Interleavings} interleavings, {findings.Elapsed.TotalSeconds:N1} s";
    }

    private static void Write()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Explored, {DateTime.UtcNow:yyyy-MM-dd}").AppendLine();
        text.AppendLine("A state: where each thread stands, and the words of the machine. A preemption: a thread is made to wait that could go on, or a write is seen late.");
        text.AppendLine("Exhausted: no interleaving with so many of them, or fewer, is left.");
        text.AppendLine().AppendLine("| scenario | interleavings | steps | states | preemptions | exhausted |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | --- |").AppendJoin('\n', s_scenarios).AppendLine();
        text.AppendLine().AppendLine("| mutant | found | preemptions needed |");
        text.AppendLine("| --- | --- | ---: |").AppendJoin('\n', s_mutants).AppendLine();
        string folder = Path.Combine(Repository.Root, "artifacts");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "explorer.md"), text.ToString());
    }
}
