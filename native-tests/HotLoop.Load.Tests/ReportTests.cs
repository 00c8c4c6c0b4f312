using System.Text.Json;
using System.Xml.Linq;

namespace HotLoop.Load.Tests;

public class ReportTests
{
    private static readonly LoadReport s_report = Create();

    public static TheoryData<long> Counts => [0, 1, 2, 1000];

    [Fact]
    public void The_text_has_every_figure()
    {
        string text = TextReport.Of(s_report);
        Assert.Contains("requests    10,000 in 1.00 s\n", text, StringComparison.Ordinal);
        Assert.Contains("rate        10,000 /s\n", text, StringComparison.Ordinal);
        Assert.Contains("p50 1.00 ms", text, StringComparison.Ordinal);
        Assert.Contains("max 2.00 ms", text, StringComparison.Ordinal);
        Assert.Contains("errors      3: timeout 2, reset 1\n", text, StringComparison.Ordinal);
        Assert.Contains("server      CPU 50.0 us a request, 50 % of a core; RSS 1.00 MiB before, 2.00 MiB at the end\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_JSON_has_every_figure()
    {
        JsonElement json = JsonDocument.Parse(JsonReport.Of(s_report)).RootElement;
        Assert.Equal("http://127.0.0.1:80/?a=1&b=<2>", json.GetProperty("target").GetString());
        Assert.Equal(10_000, json.GetProperty("requests").GetInt64());
        Assert.Equal(10_000, json.GetProperty("requests_per_s").GetDouble(), 1.0);
        Assert.Equal(1000, json.GetProperty("latency_us").GetProperty("p50").GetDouble(), 1.0);
        Assert.Equal(2000, json.GetProperty("latency_us").GetProperty("max").GetDouble(), 1.0);
        Assert.Equal(2, json.GetProperty("errors").GetProperty("timeout").GetInt64());
        Assert.Equal(10, json.GetProperty("timeline").GetProperty("requests").GetArrayLength());
        Assert.Equal(50, json.GetProperty("server").GetProperty("cpu_us_per_request").GetDouble(), 0.001);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("rate").ValueKind);
    }

    [Fact]
    public void The_page_is_well_formed_loads_nothing_and_shows_three_plots()
    {
        string page = HtmlReport.Of(s_report);
        XElement root = XDocument.Parse(page).Root!;
        Assert.Equal(3, root.Descendants("svg").Count());
        Assert.All(root.Descendants("polyline"), p => Assert.True(Points(p).Count() >= 10));
        Assert.Contains("/?a=1&b=<2>", root.Descendants("h1").Single().Value, StringComparison.Ordinal);
        Assert.DoesNotContain(root.Descendants(), e => e.Name.LocalName is "script" or "link" or "img");
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Curves_stay_in_their_frames_however_little_was_measured(long requests)
    {
        LatencyHistogram latencies = new();
        for (long i = 0; i < requests; i++)
        {
            latencies.Record(1 + (i * 1_000_003 % 77_777_777));
        }

        XElement root = XDocument.Parse(HtmlReport.Of(Reports.Of(latencies, requests, 1, []))).Root!;
        Assert.Equal(requests > 0 ? 3 : 0, root.Descendants("polyline").Count());
        Assert.All(root.Descendants("polyline").SelectMany(Points), point =>
        {
            Assert.InRange(point.X, 0, 900);
            Assert.InRange(point.Y, 0, 260);
        });
    }

    // Whatever the range of the values is, one can be read off.
    [Theory]
    [InlineData(2_100_000, 4_900_000)]
    [InlineData(1_000, 1_000)]
    [InlineData(1, 999_999_999_999)]
    public void Every_plot_has_lines_to_read_off(long fastest, long slowest)
    {
        LatencyHistogram latencies = new();
        latencies.Record(fastest);
        latencies.Record(slowest);
        XElement root = XDocument.Parse(HtmlReport.Of(Reports.Of(latencies, 10, 1, []))).Root!;
        Assert.All(root.Descendants("svg"), svg => Assert.InRange(
            svg.Elements("text").Count(t => (string?)t.Attribute("text-anchor") == "end"), 2, 13));
    }

    private static LoadReport Create()
    {
        LatencyHistogram latencies = new();
        for (int i = 0; i < 10_000; i++)
        {
            latencies.Record(1_000_000);
        }

        latencies.Record(2_000_000);
        return Reports.Of(latencies, 10_000, 1, new() { ["reset"] = 1, ["timeout"] = 2 }) with
        {
            Server = new ServerUsage(TimeSpan.FromSeconds(0.5), 0.5, 1 << 20, 2 << 20),
        };
    }

    private static IEnumerable<(double X, double Y)> Points(XElement polyline) =>
        polyline.Attribute("points")!.Value.Split(' ').Select(p => p.Split(','))
            .Select(p => (double.Parse(p[0], System.Globalization.CultureInfo.InvariantCulture),
                double.Parse(p[1], System.Globalization.CultureInfo.InvariantCulture)));
}
