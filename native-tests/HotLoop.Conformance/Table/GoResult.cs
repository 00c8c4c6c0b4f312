using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace HotLoop.Conformance.Table;

/// <summary>What Go did in a case, in the words in which HotLoop's results are recorded.</summary>
public static partial class GoResult
{
    private const int LongestPart = 120;

    public static string TextOf(GoCase go)
    {
        CaseResult result = new();
        if (go.Count is { } count)
        {
            result.Count(count.ToString(CultureInfo.InvariantCulture));
        }

        result.Error(go.Error.Length == 0 ? null : go.Error);
        if (go.Extra.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty part in go.Extra.EnumerateObject().Where(p => !OfGoItself().IsMatch(p.Name)))
            {
                result.Other(part.Name, GoCases.Normalize(Shorten(TextOf(part.Value))));
            }
        }

        if (go.Elapsed is { } elapsed && elapsed.StartsWith('~'))
        {
            result.Duration(elapsed);
        }

        return result.ToString();
    }

    /// <summary>A value as the tests write it: words of JSON without their quotes.</summary>
    public static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Shorten(string text) => text.Length <= LongestPart ? text : text[..LongestPart] + "…";

    // States of goroutines, stacks, and how many microseconds the observer's machine took.
    [GeneratedRegex("state|frames|pprof|_us$|rw_syscalls")]
    private static partial Regex OfGoItself();
}
