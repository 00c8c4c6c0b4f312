using System.Globalization;

namespace HotLoop.Soak;

/// <summary>What the engine's collector did while it was under stress.</summary>
/// <param name="From">When that began, in seconds since the engine was started.</param>
/// <param name="To">When it was to end.</param>
internal sealed record GcStressSummary(double From, double To)
{
    private long _last;

    /// <summary>Full ones that stop the process.</summary>
    public int Collections { get; set; }

    /// <summary>Those that moved objects.</summary>
    public int Compacting { get; set; }

    /// <summary>Whether it was the server's collector.</summary>
    public bool IsServer { get; set; }

    /// <summary>The longest time for which the process stood still, in milliseconds.</summary>
    public double LongestPause { get; set; }

    internal void Save(string path) =>
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{Collections} {Compacting} {IsServer} {LongestPause}"));

    internal void Load(string path)
    {
        if (File.ReadAllText(path).Split(' ') is [var collections, var compacting, var isServer, var pause])
        {
            Collections = int.Parse(collections, CultureInfo.InvariantCulture);
            Compacting = int.Parse(compacting, CultureInfo.InvariantCulture);
            IsServer = bool.Parse(isServer);
            LongestPause = double.Parse(pause, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Counts a collection, unless it is the one counted last.</summary>
    internal void Add(GCMemoryInfo collection)
    {
        if (collection.Index == _last)
        {
            return;
        }

        _last = collection.Index;
        Collections++;
        Compacting += collection.Compacted ? 1 : 0;
        LongestPause = Math.Max(LongestPause, collection.PauseDurations[0].TotalMilliseconds);
    }
}
