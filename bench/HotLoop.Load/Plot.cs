using System.Globalization;
using System.Net;
using System.Text;

namespace HotLoop.Load;

/// <summary>One curve in a frame, as SVG.</summary>
/// <param name="left">The least x.</param>
/// <param name="right">The greatest x.</param>
/// <param name="low">The least y; above 0 if y is logarithmic.</param>
/// <param name="high">The greatest y.</param>
/// <param name="isLog">Whether y is logarithmic.</param>
internal sealed class Plot(double left, double right, double low, double high, bool isLog)
{
    private static readonly double[] s_round = [1, 2, 5];

    private const int Width = 900;
    private const int Height = 260;
    private const int MarginLeft = 90;
    private const int MarginRight = 20;
    private const int MarginTop = 10;
    private const int MarginBottom = 40;
    private const int LinesMax = 8;

    // A logarithmic frame begins and ends at a round value, so that it has at least two lines.
    private readonly double _low = isLog ? RoundDown(low) : low;
    private readonly double _high = isLog ? RoundUp(high, RoundDown(low)) : high;

    internal required string XName { get; init; }

    internal required IReadOnlyList<(double At, string Label)> XTicks { get; init; }

    internal required Func<double, string> YLabel { get; init; }

    internal string Draw(IEnumerable<(double X, double Y)> points)
    {
        StringBuilder svg = new();
        void Add(FormattableString text) => svg.Append(FormattableString.Invariant(text)).Append('\n');

        Add($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">");
        foreach (double y in YTicks())
        {
            Add($"<line class=\"grid\" x1=\"{MarginLeft}\" x2=\"{Width - MarginRight}\" y1=\"{MapY(y):F1}\" y2=\"{MapY(y):F1}\"/>");
            Add($"<text x=\"{MarginLeft - 8}\" y=\"{MapY(y) + 4:F1}\" text-anchor=\"end\">{WebUtility.HtmlEncode(YLabel(y))}</text>");
        }

        foreach ((double at, string label) in XTicks.Where(t => t.At <= right))
        {
            Add($"<line class=\"grid\" x1=\"{MapX(at):F1}\" x2=\"{MapX(at):F1}\" y1=\"{MarginTop}\" y2=\"{Height - MarginBottom}\"/>");
            Add($"<text x=\"{MapX(at):F1}\" y=\"{Height - MarginBottom + 16}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(label)}</text>");
        }

        Add($"<text x=\"{(MarginLeft + Width - MarginRight) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">{XName}</text>");
        string path = string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{MapX(p.X):F1},{MapY(p.Y):F1}")));
        Add($"<polyline class=\"curve\" points=\"{path}\"/>");
        Add($"</svg>");
        return svg.ToString();
    }

    private double MapX(double x) => MarginLeft + ((x - left) / Math.Max(right - left, 1e-9) * (Width - MarginLeft - MarginRight));

    private double MapY(double y)
    {
        double share = isLog
            ? Math.Log(Math.Max(y, _low) / _low) / Math.Max(Math.Log(_high / _low), 1e-9)
            : (y - _low) / Math.Max(_high - _low, 1e-9);
        return Height - MarginBottom - (share * (Height - MarginTop - MarginBottom));
    }

    private List<double> YTicks()
    {
        if (!isLog)
        {
            return Multiples(s_round);
        }

        List<double> ticks = RoundValues(s_round);
        return ticks.Count <= LinesMax ? ticks : RoundValues([1]);
    }

    private List<double> RoundValues(double[] steps)
    {
        List<double> values = [];
        for (double power = Math.Pow(10, Math.Floor(Math.Log10(_low))); power <= _high; power *= 10)
        {
            values.AddRange(steps.Select(s => s * power).Where(v => v >= _low && v <= _high));
        }

        return values;
    }

    // Of the least round step that gives few enough lines.
    private List<double> Multiples(double[] steps)
    {
        for (double power = Math.Pow(10, Math.Floor(Math.Log10((_high - _low) / LinesMax))); ; power *= 10)
        {
            foreach (double step in steps.Select(s => s * power).Where(s => (_high - _low) / s <= LinesMax))
            {
                return [.. Enumerable.Range(0, LinesMax + 1).Select(i => _low + (i * step)).Where(v => v <= _high)];
            }
        }
    }

    private static double RoundDown(double value)
    {
        double power = PowerOf(value);
        return s_round.Last(r => r * power <= value || r == 1) * power;
    }

    private static double RoundUp(double value, double above)
    {
        double power = PowerOf(value);
        double up = s_round.Append(10).Select(r => r * power).First(v => v >= value || v >= power * 10);
        return up > above ? up : above * 10;
    }

    private static double PowerOf(double value) => Math.Pow(10, Math.Floor(Math.Log10(value)));
}
