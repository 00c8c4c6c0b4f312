using System.Text.RegularExpressions;
using HotLoop.TestKit;

namespace HotLoop.Package.Tests.Kit;

/// <summary>What docs/packages.md and README.md show, to be built as written.</summary>
internal static partial class PackagesPage
{
    /// <summary>How the page's project names the version of the package.</summary>
    internal const string Version = "Version=\"0.1.0\"";

    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "packages.md"));

    /// <summary>The project file.</summary>
    internal static string Project { get; } = Block().Matches(s_page).Single(m => m.Groups[1].Value == "xml" && m.Groups[2].Value.StartsWith("<Project", StringComparison.Ordinal)).Groups[2].Value;

    /// <summary>The program that hosts a server by hand.</summary>
    internal static string Hosting { get; } = FreePort(Block().Matches(s_page).Single(m => m.Groups[1].Value == "csharp").Groups[2].Value);

    /// <summary>The server with which README.md begins.</summary>
    internal static string ReadmeServer { get; } = FreePort(Block().Match(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Groups[2].Value);

    // The port of the text may be taken here.
    private static string FreePort(string program) => program.Replace("127.0.0.1:8888", "127.0.0.1:0", StringComparison.Ordinal);

    [GeneratedRegex("```(xml|csharp)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
