using System.Collections.Concurrent;

namespace HotLoop.Conformance.Table;

/// <summary>
/// What this run of the suite has seen of each case. Every backend, and calls from a loop and from elsewhere, must see the same.
/// </summary>
public static class Recording
{
    private static readonly ConcurrentDictionary<string, (string Result, string Place)> s_results = new();

    private static readonly ConcurrentDictionary<BackendKind, bool> s_backends = new();

    /// <summary>The backends that scenarios have run on.</summary>
    public static IEnumerable<BackendKind> Backends => s_backends.Keys;

    /// <summary>Whether any test of this run looked at a case.</summary>
    public static bool HasResults => !s_results.IsEmpty;

    /// <summary>Of a case that no test of this run looked at: null.</summary>
    public static string? ResultOf(string id) => s_results.TryGetValue(id, out var seen) ? seen.Result : null;

    public static void Add(BackendKind backend) => s_backends[backend] = true;

    public static void Add(string id, string result, string place)
    {
        (string first, string firstPlace) = s_results.GetOrAdd(id, (result, place));
        Assert.True(first == result, $"{id}: {place} gives \"{result}\", but {firstPlace} gave \"{first}\"");
    }
}
