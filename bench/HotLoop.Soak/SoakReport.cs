using System.Text.Json;
using System.Text.Json.Serialization;

namespace HotLoop.Soak;

/// <summary>The JSON file of a soak.</summary>
/// <param name="Server">The engine's path and options, or the target's address.</param>
/// <param name="Seconds">How long the load was to last.</param>
/// <param name="Seed">See <c>--seed</c>.</param>
/// <param name="Reasons">Why it failed; none: it did not.</param>
/// <param name="Outcome">Over the whole soak.</param>
/// <param name="Samples">Over time.</param>
internal sealed record SoakReport(
    string Server, double Seconds, int Seed, IReadOnlyList<string> Reasons, SoakOutcome Outcome, IReadOnlyList<Sample> Samples)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    internal void Save(string path)
    {
        using FileStream file = File.Create(path);
        JsonSerializer.Serialize(file, this, s_json);
    }
}
