using System.Text.Json;
using HotLoop.TestKit;

namespace HotLoop.Faults.Frame;

/// <summary>The table of RELIABILITY.md, made of the newest row of each scenario on each backend.</summary>
internal static class ReliabilityTable
{
    private const string Begin = "<!-- rows: make faults writes what follows -->";
    private const string End = "<!-- end of rows -->";

    /// <summary>Puts the rows of <paramref name="rowsFile"/> between the two comments of RELIABILITY.md.</summary>
    internal static void Write(string rowsFile)
    {
        string file = Path.Combine(Repository.Root, "native-tests", "RELIABILITY.md");
        string text = File.ReadAllText(file);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(file, $"{text[..begin]}\n\n{Of(File.ReadLines(rowsFile))}\n{text[end..]}");
    }

    internal static string Of(IEnumerable<string> rows)
    {
        Dictionary<(int Number, string Backend), Result> newest = [];
        foreach (string row in rows)
        {
            Result result = JsonSerializer.Deserialize<Result>(row)!;
            newest[(result.Number, result.Backend)] = result;
        }

        List<string> lines =
        [
            "| # | scenario | what is provoked | passes when | epoll | io_uring | date |",
            "| ---: | --- | --- | --- | --- | --- | --- |",
        ];
        foreach (IGrouping<int, Result> scenario in newest.Values.GroupBy(r => r.Number).OrderBy(g => g.Key))
        {
            Result any = scenario.MaxBy(r => r.Passes.Length)!;
            lines.Add(
                $"| {any.Number} | {any.Title} | {Cell(any.Provoked)} | {Cell(any.Passes)} | {On("epoll")} | {On("io_uring")} | {scenario.Max(r => r.Date)} |");

            string On(string backend) => scenario.FirstOrDefault(r => r.Backend == backend) is { } r
                ? $"{(r.Passed ? "" : "**FAILED** ")}{Cell(r.Measured)}"
                : "does not exist there";
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
