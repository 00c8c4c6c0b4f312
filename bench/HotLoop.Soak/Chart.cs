using System.Globalization;
using System.Net;
using System.Text;
using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak;

/// <summary>Draws a soak as SVG: three curves over the same time, one above the other.</summary>
internal static class Chart
{
    private const int Width = 900;
    private const int Left = 80;
    private const int Right = 30;
    private const int Top = 60;
    private const int PanelHeight = 170;
    private const int Gap = 45;
    private const int Bottom = 50;
    private const double BytesPerMebibyte = 1024 * 1024;

    internal static string Render(SoakReport report)
    {
        (string Title, Func<Sample, double?> Value)[] panels =
        [
            ("memory of the server (RSS), MiB", s => s.RssBytes / BytesPerMebibyte),
            ("open descriptors of the server", s => s.Descriptors),
            ("echo, 99th percentile of the interval, ms", EchoLatency),
        ];
        int height = Top + (panels.Length * (PanelHeight + Gap)) - Gap + Bottom;
        StringBuilder svg = new();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\"");
        Line(svg, $" font-family=\"sans-serif\" font-size=\"12\">");
        Line(svg, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"white\"/>");
        FormattableString title = $"HotLoop soak, {report.Seconds:0.#} s: {(report.Reasons.Count == 0 ? "good" : "failed")}";
        Line(svg, $"<text x=\"{Left}\" y=\"24\" font-size=\"16\">{FormattableString.Invariant(title)}</text>");
        Line(svg, $"<text x=\"{Left}\" y=\"42\" fill=\"#555\">{WebUtility.HtmlEncode(report.Server)}; seed {report.Seed}</text>");
        Scale time = Scale.From0(report.Samples.Count > 0 ? report.Samples[^1].Seconds : report.Seconds);
        for (int i = 0; i < panels.Length; i++)
        {
            int top = Top + (i * (PanelHeight + Gap));
            if (report.Outcome.GcStress is { } stress)
            {
                double from = X(Math.Min(stress.From, time.Max), time);
                double width = X(Math.Min(stress.To, time.Max), time) - from;
                Line(svg, $"<rect x=\"{from:0.#}\" y=\"{top + 20}\" width=\"{width:0.#}\" height=\"{PanelHeight - 20}\" fill=\"#f6e7c8\"/>");
                Line(svg, $"<text x=\"{from + 4:0.#}\" y=\"{top + 34}\" fill=\"#8a6d1f\">forced collections</text>");
            }

            Panel(svg, top, panels[i].Title, panels[i].Value, report.Samples, time);
        }

        int middle = (Left + Width - Right) / 2;
        Line(svg, $"<text x=\"{middle}\" y=\"{height - 10}\" text-anchor=\"middle\">time since the load began, s</text>");
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private static double? EchoLatency(Sample sample) =>
        sample.Scenarios.FirstOrDefault(s => s.Scenario == Catalogue.Echo && s.Iterations > s.Failures)?.Latency.P99;

    private static double X(double seconds, Scale time) => Left + (seconds / time.Max * (Width - Left - Right));

    private static void Panel(
        StringBuilder svg, int top, string title, Func<Sample, double?> value, IReadOnlyList<Sample> samples, Scale time)
    {
        // From 0 on, so that a growth looks as large as it is.
        Scale scale = Scale.From0(samples.Max(value) ?? 1);
        int bottom = top + PanelHeight;
        double Y(double height) => bottom - (height / scale.Max * (PanelHeight - 20));

        Line(svg, $"<text x=\"{Left}\" y=\"{top + 8}\" font-weight=\"bold\">{title}</text>");
        foreach (double tick in scale.Ticks)
        {
            Line(svg, $"<path d=\"M{Left} {Y(tick):0.#}H{Width - Right}\" stroke=\"#ddd\"/>");
            Line(svg, $"<text x=\"{Left - 8}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{tick:0.###}</text>");
        }

        foreach (double tick in time.Ticks)
        {
            Line(svg, $"<path d=\"M{X(tick, time):0.#} {bottom}v5\" stroke=\"black\"/>");
            Line(svg, $"<text x=\"{X(tick, time):0.#}\" y=\"{bottom + 18}\" text-anchor=\"middle\">{tick:0.###}</text>");
        }

        Line(svg, $"<path d=\"M{Left} {top + 20}V{bottom}H{Width - Right}\" fill=\"none\" stroke=\"black\"/>");
        IEnumerable<string> points = samples
            .Where(s => value(s) is not null)
            .Select(s => string.Create(CultureInfo.InvariantCulture, $"{X(s.Seconds, time):0.#},{Y(value(s)!.Value):0.#}"));
        Line(svg, $"<polyline fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"1.5\" points=\"{string.Join(' ', points)}\"/>");
    }

    private static void Line(StringBuilder svg, FormattableString text) =>
        svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
