using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace HotLoop.Soak;

/// <summary>
/// Compacting collections of all memory, one after the other, for a part of the soak. They are made inside the engine, by a thread that its
/// runtime starts for a startup hook: the engine itself knows nothing of it, and nothing traces it, which would take memory of its own.
/// </summary>
/// <param name="From">When they begin, in seconds since the engine was started.</param>
/// <param name="To">When they end.</param>
/// <param name="Path">The file that is then written: a <see cref="GcStressSummary"/>.</param>
internal sealed record GcStress(double From, double To, string Path) : IDisposable
{
    private const string HookVariable = "DOTNET_STARTUP_HOOKS";
    private const string Variable = "HOTLOOP_SOAK_GC_STRESS";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    /// <summary>For a soak with so much of it: up to its half, so that what follows shows what is left.</summary>
    internal static GcStress? For(TimeSpan duration, TimeSpan stress)
    {
        double from = (duration.TotalSeconds / 2) - stress.TotalSeconds;
        return stress > TimeSpan.Zero ? new GcStress(from, from + stress.TotalSeconds, System.IO.Path.GetTempFileName()) : null;
    }

    /// <summary>What the one who started this process wants done in it, or null.</summary>
    internal static GcStress? OfThisProcess() =>
        Environment.GetEnvironmentVariable(Variable)?.Split(' ', 3) is [var from, var to, var path]
            ? new GcStress(double.Parse(from, CultureInfo.InvariantCulture), double.Parse(to, CultureInfo.InvariantCulture), path)
            : null;

    /// <summary>Has it done in the process that is started with this.</summary>
    internal void AddTo(IDictionary<string, string?> environment)
    {
        environment[HookVariable] = typeof(StartupHook).Assembly.Location;
        environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{From} {To} {Path}");
    }

    /// <summary>Does it, on a thread of the process concerned.</summary>
    internal void Run()
    {
        try
        {
            CollectAndSave();
        }
        catch (IOException)
        {
            // Without a summary the soak says that nothing was collected.
        }
    }

    /// <summary>What came of it; without a collection, when the process has ended before.</summary>
    internal GcStressSummary ReadSummary()
    {
        GcStressSummary summary = new(From, To);
        summary.Load(Path);
        return summary;
    }

    public void Dispose() => File.Delete(Path);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"collecting from {From:0.#} s to {To:0.#} s");

    private void CollectAndSave()
    {
        GcStressSummary summary = new(From, To);
        summary.Save(Path); // now, so that what that needs is loaded before the soak counts descriptors
        Thread.Sleep(TimeSpan.FromSeconds(From));
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < To - From)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            summary.Add(GC.GetGCMemoryInfo(GCKind.FullBlocking));
            Thread.Sleep(s_pause);
        }

        summary.IsServer = GCSettings.IsServerGC;
        summary.Save(Path);
    }
}
