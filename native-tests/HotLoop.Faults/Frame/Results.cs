using System.Globalization;
using System.Text.Json;
using HotLoop.TestKit;

namespace HotLoop.Faults.Frame;

/// <summary>Where rows go as soon as they are known: lines to read, and lines of JSON for <see cref="ReliabilityTable"/>.</summary>
internal static class Results
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "artifacts", "faults");

    internal static void Add(Row row, string? fault, TimeSpan time)
    {
        bool passed = fault is null && row.Figures.Count > 0 && row.Figures.All(f => f.Passes);
        Result result = new(
            row.Scenario.Number,
            row.Scenario.Title,
            row.Backend,
            row.Provoked,
            string.Join("; ", row.Figures.Select(f => f.Bound)),
            fault is null ? Measured(row) : $"FAILED: {fault}",
            passed,
            Math.Round(time.TotalSeconds, 1),
            DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(s_folder);
        File.AppendAllLines(Path.Combine(s_folder, "rows.jsonl"), [JsonSerializer.Serialize(result)]);
        File.AppendAllLines(Path.Combine(s_folder, "log.txt"), Lines(row, fault, passed, time));
    }

    private static string Measured(Row row)
    {
        string figures = string.Join("; ", row.Figures.Where(f => !f.IsCheck || !f.Passes).Select(f => f.IsCheck ? f.Measured : $"{f.What}: {f.Measured}"));
        return figures.Length == 0 ? "all of it" : figures;
    }

    private static IEnumerable<string> Lines(Row row, string? fault, bool passed, TimeSpan time)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{(passed ? "passed" : "FAILED")}  {row.Scenario.Number,2} {row.Scenario.Title}, {row.Backend}: {row.Provoked} ({time.TotalSeconds:F1} s)");
        foreach (Figure figure in row.Figures)
        {
            yield return $"            {figure.Bound}: {figure.Measured}";
        }

        if (fault is not null)
        {
            yield return $"            {fault}";
        }
    }
}
