using System.Diagnostics;
using HotLoop.Conformance.Table;

namespace HotLoop.Conformance;

/// <content>What is recorded for the table of cases.</content>
public sealed partial class Scenario
{
    private readonly Dictionary<string, CaseResult> _results = [];

    public string? LastSeen { get; private set; }

    /// <summary>
    /// Notes a case that the test compares by itself. <paramref name="result"/> is what came, for the table, with what differs from
    /// run to run left out; without it the table says "as Go".
    /// </summary>
    public GoCase Saw(string id, string? result = null)
    {
        GoCase go = GoCases.Get(id);
        Assert.True(declared.Contains(id), $"{id} is checked but not declared by [GoCase]");
        RequirePlace();
        LastSeen = id;
        _results.TryAdd(id, new CaseResult());
        if (result is not null)
        {
            _results[id].Other(result);
        }

        return go;
    }

    /// <summary><see cref="Timing.About"/>, noted for the case that was looked at last.</summary>
    public void About(Stopwatch watch, int milliseconds, int clock = 0)
    {
        Timing.About(watch, milliseconds, clock);
        if (LastSeen is not null)
        {
            _results[LastSeen].Duration($"~{milliseconds}ms");
        }
    }

    /// <summary>After a run that went well: fails when a declared case was not looked at, and gives the rest, and the backend, to the table.</summary>
    public void Conclude()
    {
        List<string> missed = [.. declared.Where(id => !_results.ContainsKey(id))];
        Assert.True(missed.Count == 0, $"declared but not checked: {string.Join(", ", missed)}");
        Recording.Add(Loops.Backend);
        foreach ((string id, CaseResult result) in _results)
        {
            Recording.Add(id, result.ToString(), $"{Loops.Backend} {Place}");
        }
    }
}
