namespace HotLoop.Soak;

/// <summary>The first part of a soak, in which the server's memory may still grow: code is compiled, and pools fill.</summary>
internal static class WarmUp
{
    private const double Share = 0.2;
    private const double MaxSeconds = 30;

    internal static double Seconds(TimeSpan duration) => Math.Min(duration.TotalSeconds * Share, MaxSeconds);

    /// <summary>The first sample after it; where there is none, the last of all.</summary>
    internal static Sample FirstSteady(IReadOnlyList<Sample> samples, TimeSpan duration) =>
        samples.FirstOrDefault(s => s.Seconds >= Seconds(duration)) ?? samples[^1];
}
