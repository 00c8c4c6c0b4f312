using System.Globalization;

namespace HotLoop.Load;

/// <summary>Figures with their units, as people read them.</summary>
internal static class Measure
{
    /// <summary>The percentiles that every report shows.</summary>
    internal static readonly double[] Percentiles = [50, 75, 90, 95, 99, 99.9, 99.99];

    /// <summary>A time in nanoseconds, in the unit that suits it.</summary>
    internal static string Latency(double nanoseconds) => nanoseconds switch
    {
        < 1_000_000 => Format(nanoseconds / 1_000, "us"),
        < 1_000_000_000 => Format(nanoseconds / 1_000_000, "ms"),
        _ => Format(nanoseconds / 1_000_000_000, "s"),
    };

    internal static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string MiB(double bytes) => Format(bytes / (1024 * 1024), "MiB");

    internal static string Seconds(TimeSpan time) => Format(time.TotalSeconds, "s");

    /// <summary>"p50", "p99.9".</summary>
    internal static string Name(double percentile) => "p" + percentile.ToString(CultureInfo.InvariantCulture);

    // Three digits are what the histogram knows.
    private static string Format(double value, string unit)
    {
        int digits = value switch { < 10 => 2, < 100 => 1, _ => 0 };
        return value.ToString("N" + digits, CultureInfo.InvariantCulture) + " " + unit;
    }
}
