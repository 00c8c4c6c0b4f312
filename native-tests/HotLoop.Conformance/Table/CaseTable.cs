using System.Globalization;
using System.Text;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Table;

/// <summary>CASES.md: every case, what Go did, and what HotLoop did when the suite ran.</summary>
public static class CaseTable
{
    private const string Head = """
        # Go's `net` and HotLoop, case by case

        Written by the conformance suite; a test compares this file with what a run has seen (`Table/CaseTableTests.cs`) and leaves the
        new text beside it, in `CASES.actual.md`, when they differ. Rows whose tests were skipped are taken as they stand.
        Go's results are observations of real Go 1.19 on Linux, `go-net-behaviour.jsonl`. HotLoop's are recorded while the tests run;
        every backend, and calls from a loop and from elsewhere, must give the same.

        `n` is the count of a read or write. HotLoop says the end of a stream with a count of 0: that is EOF here. `n > 0` and `n ≥ 0`
        stand where the kernel's buffers decide, `~100ms` where a test has checked a duration: its own, which need not be Go's. Ports
        that the kernel chose are PORT, its abstract names @NAME, and DIR is a test's own directory. What Go's cells tell about Go's own
        threads is not compared.

        """;

    /// <summary>Stands where no run has seen a case yet.</summary>
    public const string NotRun = "not run";

    public static string FilePath { get; } =
        Path.Combine(Repository.Root, "native-tests", "HotLoop.Conformance", "CASES.md");

    /// <summary>
    /// The table after this run. A case that the run did not look at keeps what <paramref name="before"/>, the table so far, says.
    /// </summary>
    public static string After(string before)
    {
        Dictionary<string, string> known = Results(before);
        CaseRow[] rows =
        [
            .. GoCases.All.Select(go => CaseRow.Of(go, Recording.ResultOf(go.Id) ?? known.GetValueOrDefault(go.Id, NotRun))),
        ];
        StringBuilder text = new(Head.ReplaceLineEndings("\n"));
        AppendSummary(text, rows);
        foreach (IGrouping<string, CaseRow> area in rows.GroupBy(r => r.Area))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {area.Key}\n\n");
            text.Append("| case | what was done | Go | HotLoop | equal, or why not |\n| --- | --- | --- | --- | --- |\n");
            text.AppendJoin("", area.Select(row => $"{row}\n"));
        }

        return text.ToString();
    }

    private static void AppendSummary(StringBuilder text, CaseRow[] rows)
    {
        int Count(Verdict verdict) => rows.Count(r => r.Verdict == verdict);
        text.Append("\n| result | cases |\n| --- | --- |\n");
        text.Append(CultureInfo.InvariantCulture, $"| equal | {Count(Verdict.Equal)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| different, for the reason given | {Count(Verdict.Different)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| not applicable | {Count(Verdict.NotApplicable)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| all | {rows.Length} |\n");
    }

    private static Dictionary<string, string> Results(string table) =>
        table.Split('\n').Select(Markdown.Cells).OfType<string[]>().Where(cells => cells.Length == 5 && cells[0].Contains('/'))
            .ToDictionary(cells => cells[0], cells => cells[3]);
}
