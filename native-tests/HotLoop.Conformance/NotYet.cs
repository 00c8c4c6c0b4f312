namespace HotLoop.Conformance;

/// <summary>Cases that wait for a part of the library. The coverage test holds this list to be exact; it only gets shorter.</summary>
public static class NotYet
{
    public static IReadOnlyDictionary<string, string[]> ByReason { get; } = new Dictionary<string, string[]>
    {
    };

    private static readonly Dictionary<string, string> s_byId =
        ByReason.SelectMany(r => r.Value.SelectMany(GoCases.Expand).Select(id => (id, r.Key))).ToDictionary(p => p.id, p => p.Key);

    public static string? ReasonOf(string id) => s_byId.GetValueOrDefault(id);
}
