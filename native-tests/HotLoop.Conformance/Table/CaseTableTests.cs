using HotLoop.TestKit;

namespace HotLoop.Conformance.Table;

/// <summary>
/// CASES.md against what the tests have seen; runs after all of them. When only some ran, the rows of the others are taken as they
/// stand.
/// </summary>
public sealed class CaseTableTests
{
    // Of a backend that does not work here the row is a skipped one, which names the reason.
    [Theory]
    [ClassData(typeof(Backends))]
    [LeftOutBackends]
    public void Every_backend_has_been_run(object backend) =>
        Assert.True(!Recording.HasResults || Recording.Backends.Contains((BackendKind)backend), $"no test ran on {backend}");

    // For the Makefile, which prints it: dotnet test shows no output of tests that pass.
    [Fact]
    public void The_backends_that_ran_are_written_down()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName;
        string ran = Recording.Backends.Any() ? new Backends().Describe(Recording.Backends) : "no backend";
        File.WriteAllText(Path.Combine(folder, "conformance.txt"), $"conformance: {ran}\n");
    }

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
