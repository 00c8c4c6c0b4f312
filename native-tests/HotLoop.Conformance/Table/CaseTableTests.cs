namespace HotLoop.Conformance.Table;

/// <summary>
/// CASES.md against what the tests have seen; runs after all of them. When only some ran, the rows of the others are taken as they
/// stand.
/// </summary>
public sealed class CaseTableTests
{
    [Fact]
    public void Every_row_of_CASES_md_has_been_run() =>
        Assert.DoesNotContain($"| {CaseTable.NotRun} |", File.ReadAllText(CaseTable.FilePath), StringComparison.Ordinal);

    [Fact]
    public void CASES_md_is_what_the_suite_has_seen()
    {
        string expected = File.Exists(CaseTable.FilePath) ? File.ReadAllText(CaseTable.FilePath) : "";
        string actual = CaseTable.After(expected);
        if (expected == actual)
        {
            return;
        }

        string path = Path.ChangeExtension(CaseTable.FilePath, ".actual.md");
        File.WriteAllText(path, actual);
        HashSet<string> rows = [.. expected.Split('\n')];
        IEnumerable<string> changed = actual.Split('\n').Where(line => !rows.Contains(line));
        Assert.Fail($"CASES.md is not what the suite has seen, which is now in {path}:\n{string.Join('\n', changed.Take(10))}");
    }
}
