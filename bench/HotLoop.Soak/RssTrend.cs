namespace HotLoop.Soak;

/// <summary>How the server's memory grows once pools have filled: a straight line through the second half of a soak.</summary>
internal static class RssTrend
{
    private const double BytesPerMebibyte = 1024 * 1024;
    private const double SecondsPerHour = 3600;

    /// <returns>The slope of least squares, in MiB an hour; null if fewer than two moments are to be had.</returns>
    internal static double? MebibytesPerHour(IReadOnlyList<Sample> samples, TimeSpan duration)
    {
        Sample[] half = [.. samples.Where(s => s.Seconds >= duration.TotalSeconds / 2)];
        if (half.Length < 2)
        {
            return null;
        }

        double meanSeconds = half.Average(s => s.Seconds);
        double meanBytes = half.Average(s => (double)s.RssBytes);
        double spread = half.Sum(s => (s.Seconds - meanSeconds) * (s.Seconds - meanSeconds));
        double bytesPerSecond = half.Sum(s => (s.Seconds - meanSeconds) * (s.RssBytes - meanBytes)) / spread;
        return spread > 0 ? bytesPerSecond * SecondsPerHour / BytesPerMebibyte : null;
    }
}
