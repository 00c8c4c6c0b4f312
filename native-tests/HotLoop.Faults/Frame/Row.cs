using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using HotLoop.TestKit;

namespace HotLoop.Faults.Frame;

/// <summary>One scenario on one backend: what it measured, and whether that is good enough.</summary>
internal sealed class Row
{
    private readonly List<Figure> _figures = [];

    private Row(ScenarioAttribute scenario, BackendKind backend, string provoked)
    {
        Scenario = scenario;
        Backend = Backends.NameOf(backend);
        Provoked = provoked;
    }

    internal ScenarioAttribute Scenario { get; }

    internal string Backend { get; }

    internal string Provoked { get; }

    internal IReadOnlyList<Figure> Figures => _figures;

    /// <summary>
    /// Runs the scenario whose file calls this, notes what it measured (also if it failed), and fails the test unless every figure is within
    /// its bounds.
    /// </summary>
    /// <param name="backend">On which backend.</param>
    /// <param name="provoked">What is really done, with its numbers.</param>
    /// <param name="run">The scenario.</param>
    /// <param name="file">The compiler's: names the scenario's class.</param>
    internal static async Task RunAsync(BackendKind backend, string provoked, Func<Row, Task> run, [CallerFilePath] string file = "")
    {
        PoolThreads.Ensure();
        Row row = new(Of(Path.GetFileNameWithoutExtension(file)), backend, provoked);
        Stopwatch watch = Stopwatch.StartNew();
        string? fault = null;
        try
        {
            await run(row);
        }
        catch (Exception e)
        {
            fault = e.Message.ReplaceLineEndings(" ");
            throw;
        }
        finally
        {
            Results.Add(row, fault, watch.Elapsed);
        }

        Assert.NotEmpty(row._figures);
        string[] failed = [.. row._figures.Where(f => !f.Passes).Select(f => $"{f.Bound}: {f.Measured}")];
        Assert.True(failed.Length == 0, string.Join("; ", failed));
    }

    /// <summary>A figure and its bounds; without any it is only reported.</summary>
    internal void Measure(string what, double value, double? most = null, double? least = null) =>
        _figures.Add(new Figure(what, value, least, most, IsCheck: false));

    /// <summary>Something that has to be so.</summary>
    internal void Check(string what, bool holds) => _figures.Add(new Figure(what, holds ? 1 : 0, 1, null, IsCheck: true));

    private static ScenarioAttribute Of(string className) => typeof(Row).Assembly.GetTypes()
        .Single(t => t.Name == className)
        .GetMethods()
        .Select(m => m.GetCustomAttribute<ScenarioAttribute>())
        .Single(a => a is not null)!;
}
