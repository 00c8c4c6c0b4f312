namespace HotLoop.Soak;

/// <summary>An axis from 0 on, with marks at round numbers.</summary>
/// <param name="Step">From mark to mark.</param>
/// <param name="Max">The last mark.</param>
internal readonly record struct Scale(double Step, double Max)
{
    private const int MaxTicks = 6;

    // So that a curve that is 0 everywhere has an axis too.
    private const double Least = 1e-3;

    internal IEnumerable<double> Ticks
    {
        get
        {
            (double step, double max) = this;
            return Enumerable.Range(0, (int)Math.Round(max / step) + 1).Select(i => i * step);
        }
    }

    /// <summary>One that reaches at least <paramref name="most"/>.</summary>
    internal static Scale From0(double most)
    {
        most = Math.Max(most, Least);
        double rough = most / MaxTicks;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1.0, 2, 5, 10 }.Select(n => n * power).First(s => s >= rough * 0.999999);
        return new Scale(step, step * Math.Ceiling(most / step * 0.999999));
    }
}
