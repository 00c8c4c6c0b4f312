using System.Text.Json;
using System.Text.RegularExpressions;

namespace HotLoop.Conformance;

/// <summary>All observations, by id.</summary>
public static partial class GoCases
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly Dictionary<string, GoCase> s_byId = Load();

    public static IReadOnlyCollection<GoCase> All => s_byId.Values;

    public static GoCase Get(string id) =>
        s_byId.TryGetValue(id, out GoCase? found)
            ? found
            : throw new KeyNotFoundException($"Go's observations have no case {id}.");

    /// <summary>"read.enough/1-4" is four ids.</summary>
    public static IEnumerable<string> Expand(string ids)
    {
        int slash = ids.IndexOf('/', StringComparison.Ordinal);
        string[] bounds = ids[(slash + 1)..].Split('-');
        int first = Parse(bounds[0]);
        int last = Parse(bounds[^1]);
        return Enumerable.Range(first, last - first + 1).Select(i => $"{ids[..slash]}/{i}");
    }

    /// <summary>
    /// Ports that the kernel chose become PORT, as in the data; 0 and well-known ones stay. Its abstract names become @NAME.
    /// </summary>
    public static string Normalize(string text) => ChosenName().Replace(ChosenPort().Replace(text, "PORT"), "@NAME");

    [GeneratedRegex(@"(?<=:)\d{4,5}\b")]
    private static partial Regex ChosenPort();

    [GeneratedRegex(@"@[0-9a-f]{5}\b")]
    private static partial Regex ChosenName();

    private static int Parse(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, GoCase> Load() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "go-net-behaviour.jsonl"))
            .Select(line => JsonSerializer.Deserialize<GoCase>(line, s_json)!)
            .ToDictionary(c => c.Id);
}
