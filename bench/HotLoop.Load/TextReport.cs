using System.Globalization;
using System.Text;

namespace HotLoop.Load;

/// <summary>The report as text, for a terminal.</summary>
public static class TextReport
{
    internal const int NameWidth = 12;

    /// <summary>Some lines, each with a line feed.</summary>
    public static string Of(LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        StringBuilder text = new();
        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-NameWidth}{value}\n");

        text.Append(Describe(report)).Append('\n');
        if (report.Options.Mode == LoadMode.Idle)
        {
            Line("held", Measure.Count(report.Held) + " connections");
        }
        else if (report.Latencies.Count > 0)
        {
            Line("requests", $"{Measure.Count(report.Requests)} in {Measure.Seconds(report.Measured)}");
            Line("rate", $"{Measure.Count(report.RequestsPerSecond)} /s");
            Line("received", $"{Measure.MiB(report.BytesReceived / Math.Max(report.Measured.TotalSeconds, 1e-9))}/s");
            Line("latency", string.Join("  ", Measure.Percentiles.Select(
                p => $"{Measure.Name(p)} {Measure.Latency(report.Latencies.Percentile(p))}")));
            Line("", $"mean {Measure.Latency(report.Latencies.Mean)}  max {Measure.Latency(report.Latencies.Max)}");
        }

        Line("errors", report.ErrorCount == 0
            ? "0"
            : $"{Measure.Count(report.ErrorCount)}: " + string.Join(", ", report.Errors.OrderByDescending(e => e.Value)
                .Select(e => $"{e.Key} {Measure.Count(e.Value)}")));
        if (report.Late is { } late)
        {
            Line("generator", $"sent late by {Measure.Latency(late.Ticks * 100.0)} at most; latencies up to that are its own");
        }

        if (report.Server is not null)
        {
            Line("server", DescribeServer(report, report.Server));
        }

        return text.ToString();
    }

    /// <summary>What the load was, in a line.</summary>
    internal static string Describe(LoadReport report)
    {
        LoadOptions options = report.Options;
        string how = options switch
        {
            { Mode: LoadMode.Churn } => "a connection per request",
            { Mode: LoadMode.Idle } => "held",
            { Rate: { } rate } => string.Create(CultureInfo.InvariantCulture, $"{rate} requests/s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{options.Depth ?? 1} in flight on each"),
        };
        string size = options.Target.Protocol == LoadProtocol.Echo ? $", {options.MessageBytes} bytes" : "";
        string loops = report.Loops == 1 ? "1 loop" : $"{report.Loops} loops";
        return $"{options.Target}: {options.Connections} connections, {how}{size}{(options.Verify ? ", verified" : "")}"
            + $" ({loops}, {(report.Backend == BackendKind.IoUring ? "io_uring" : "epoll")})";
    }

    private static string DescribeServer(LoadReport report, ServerUsage server)
    {
        string memory = $"RSS {Measure.MiB(server.RssBytesBefore)} before, {Measure.MiB(server.RssBytesAfter)} at the end";
        if (report.Options.Mode == LoadMode.Idle)
        {
            double each = (server.RssBytesAfter - server.RssBytesBefore) / (double)Math.Max(report.Held, 1);
            return $"{memory}: {Measure.Count(each)} bytes a connection";
        }

        string request = report.ServerMicrosecondsPerRequest is { } cost ? $"CPU {Measure.Latency(cost * 1000)} a request, " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{request}{server.Core * 100:F0} % of a core; {memory}");
    }
}
