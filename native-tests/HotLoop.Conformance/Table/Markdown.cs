using System.Text.RegularExpressions;

namespace HotLoop.Conformance.Table;

/// <summary>Text as a cell of a Markdown table.</summary>
public static partial class Markdown
{
    public static string Plain(string text) => Special().Replace(text, @"\$0");

    public static string Code(string text) => $"`{text.Replace("|", @"\|", StringComparison.Ordinal)}`";

    /// <summary>The cells of a line of a table; null for other lines.</summary>
    public static string[]? Cells(string line) =>
        line.StartsWith("| ", StringComparison.Ordinal)
            ? [.. Bar().Split(line).Skip(1).SkipLast(1).Select(cell => cell.Trim())]
            : null;

    [GeneratedRegex(@"[|<*\\`]")]
    private static partial Regex Special();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();
}
