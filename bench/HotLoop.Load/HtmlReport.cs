using System.Globalization;
using System.Net;
using System.Text;

namespace HotLoop.Load;

/// <summary>The report as one page with its plots drawn in it: nothing is loaded, so it can be read anywhere and kept.</summary>
public static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1f2328; --soft: #6e7781; --rule: #d0d7de; --line: #0969da; --paper: #ffffff; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6edf3; --soft: #8d96a0; --rule: #3d444d; --line: #4493f8; --paper: #0d1117; }
        }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
        table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; font-variant-numeric: tabular-nums; vertical-align: top; }
        th { color: var(--soft); font-weight: normal; } tr + tr > * { border-top: 1px solid var(--rule); }
        svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
        .grid { stroke: var(--rule); stroke-width: 1; } .curve { stroke: var(--line); stroke-width: 2; fill: none; stroke-linejoin: round; }
        """;

    /// <summary>The page. It is well-formed XML too.</summary>
    public static string Of(LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        StringBuilder page = new();
        string title = WebUtility.HtmlEncode(TextReport.Describe(report));
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>{title}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>{title}</h1>
            <p>{report.Date:yyyy-MM-dd HH:mm} UTC</p>
            {Table(report)}

            """);
        if (report.Latencies.Count > 0)
        {
            page.Append("<h2>Latency by percentile</h2>\n").Append(PercentilePlot(report));
        }

        if (report.SlowestPerSlice.Any(n => n > 0))
        {
            page.Append("<h2>Requests per second</h2>\n").Append(RatePlot(report));
            page.Append("<h2>The slowest request of each moment</h2>\n").Append(SlowestPlot(report));
        }

        return page.Append("</body>\n</html>\n").ToString();
    }

    // The lines of the text, but for the first, which is the title.
    private static string Table(LoadReport report)
    {
        StringBuilder table = new("<table>\n");
        foreach (string line in TextReport.Of(report).TrimEnd('\n').Split('\n').Skip(1))
        {
            string value = WebUtility.HtmlEncode(line[TextReport.NameWidth..]);
            table.Append(CultureInfo.InvariantCulture, $"<tr><th>{line[..TextReport.NameWidth].TrimEnd()}</th><td>{value}</td></tr>\n");
        }

        return table.Append("</table>").ToString();
    }

    // Each nine of the percentile is as wide as the one before.
    private static string PercentilePlot(LoadReport report)
    {
        double nines = Math.Clamp(Math.Log10(report.Latencies.Count), 1, 6);
        Plot plot = new(0, nines, Math.Max(report.Latencies.Percentile(0), 1), Math.Max(report.Latencies.Max, 1), isLog: true)
        {
            XName = "percentile",
            XTicks = [.. ((double, string)[])[(0, "0"), (Nines(50), "50"), (1, "90"), (2, "99"), (3, "99.9"), (4, "99.99"), (5, "99.999"), (6, "99.9999")]],
            YLabel = Measure.Latency,
        };
        List<(double X, double Y)> points = [];
        for (double x = 0; x <= nines; x += 0.02)
        {
            points.Add((x, report.Latencies.Percentile(100 * (1 - Math.Pow(10, -x)))));
        }

        points.Add((nines, report.Latencies.Max));
        return plot.Draw(points);
    }

    private static string RatePlot(LoadReport report)
    {
        double slice = report.Slice.TotalSeconds;
        double[] rates = [.. report.CompletedPerSlice.Select(n => n / slice)];
        Plot plot = OverTime(report, 0, Math.Max(rates.Max(), 1), isLog: false, y => Measure.Count(y) + " /s");
        return plot.Draw(OverTime(rates, slice));
    }

    private static string SlowestPlot(LoadReport report)
    {
        // A slice in which nothing was completed has no slowest; the one after it has.
        List<(double X, double Y)> points = [.. OverTime([.. report.SlowestPerSlice.Select(n => (double)n)], report.Slice.TotalSeconds)
            .Where(p => p.Y > 0)];
        double low = points.Select(p => p.Y).DefaultIfEmpty(1).Min(), high = points.Select(p => p.Y).DefaultIfEmpty(1).Max();
        return OverTime(report, low, high, isLog: true, Measure.Latency).Draw(points);
    }

    private static Plot OverTime(LoadReport report, double low, double high, bool isLog, Func<double, string> label)
    {
        double seconds = report.Slice.TotalSeconds * report.CompletedPerSlice.Count;
        return new Plot(0, seconds, low, high, isLog)
        {
            XName = "seconds",
            XTicks = [.. Enumerable.Range(0, 11).Select(i => seconds * i / 10).Select(s => (s, s.ToString("0.##", CultureInfo.InvariantCulture)))],
            YLabel = label,
        };
    }

    private static IEnumerable<(double X, double Y)> OverTime(double[] values, double slice) =>
        values.Select((value, i) => ((i + 0.5) * slice, value));

    private static double Nines(double percent) => -Math.Log10(1 - (percent / 100));
}
