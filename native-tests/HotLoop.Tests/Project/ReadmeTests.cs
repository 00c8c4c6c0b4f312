using System.Text.RegularExpressions;
using HotLoop.TestKit;

namespace HotLoop.Tests.Project;

/// <summary>The README's snippets are the code of <see cref="ReadmeSnippets"/> or of a sample, which are compiled and run; its commands exist.</summary>
public partial class ReadmeTests
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void Every_snippet_stands_in_a_compiled_file_as_written()
    {
        string[] files =
        [
            Path.Combine(Repository.Root, "native-tests", "HotLoop.Tests", "Project", "ReadmeSnippets.cs"),
            .. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "samples")).Select(sample => Path.Combine(sample, "Program.cs")),
        ];
        string compiled = Squeeze(string.Concat(files.Select(File.ReadAllText)));
        MatchCollection snippets = Snippet().Matches(s_readme);
        Assert.Equal(5, snippets.Count);
        foreach (Match snippet in snippets)
        {
            foreach (string part in snippet.Groups[1].Value.Split("\n\n").Where(p => !p.StartsWith("using HotLoop;", StringComparison.Ordinal)))
            {
                Assert.Contains(Squeeze(part), compiled, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Every_sample_is_linked() => Assert.All(
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "samples")).Select(Path.GetFileName),
        sample => Assert.Contains($"](samples/{sample}/Program.cs)", s_readme, StringComparison.Ordinal));

    [Fact]
    public void Every_make_target_it_names_exists()
    {
        string makefile = File.ReadAllText(Path.Combine(Repository.Root, "Makefile"));
        Assert.All(
            MakeTarget().Matches(s_readme),
            match => Assert.Contains($"\n{match.Groups[1].Value}:", makefile, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_it_links_exists() => Assert.All(
        Link().Matches(s_readme),
        match => Assert.True(File.Exists(Path.Combine(Repository.Root, match.Groups[1].Value)), match.Value));

    // Indentation differs, for the snippets stand inside methods there.
    private static string Squeeze(string code) => Spaces().Replace(code, " ").Trim();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"\bmake ([a-z]+)")]
    private static partial Regex MakeTarget();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
