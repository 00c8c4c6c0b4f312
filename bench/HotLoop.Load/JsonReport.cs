using System.Text;
using System.Text.Json;

namespace HotLoop.Load;

/// <summary>The report as JSON. Latencies are in microseconds, times in seconds, memory in bytes.</summary>
public static class JsonReport
{
    private const double NanosecondsPerMicrosecond = 1000;

    /// <summary>One object, indented, with a line feed behind it.</summary>
    public static string Of(LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            WriteOptions(json, report);
            WriteResults(json, report);
            WriteTimeline(json, report);
            WriteServer(json, report);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteOptions(Utf8JsonWriter json, LoadReport report)
    {
        LoadOptions options = report.Options;
        json.WriteString("target", options.Target.ToString());
        json.WriteString("date", report.Date);
        json.WriteString("mode", options.Mode.ToString().ToLowerInvariant());
        json.WriteNumber("connections", options.Connections);
        WriteNumberOrNull(json, "depth", options.Depth);
        WriteNumberOrNull(json, "rate", options.Rate);
        json.WriteNumber("message_bytes", options.MessageBytes);
        json.WriteBoolean("verified", options.Verify);
        json.WriteNumber("duration_s", options.Duration.TotalSeconds);
        json.WriteNumber("timeout_s", options.Timeout.TotalSeconds);
        json.WriteNumber("warmup_s", options.WarmUp.TotalSeconds);
        json.WriteNumber("loops", report.Loops);
        json.WriteString("backend", report.Backend == BackendKind.IoUring ? "io_uring" : "epoll");
    }

    private static void WriteResults(Utf8JsonWriter json, LoadReport report)
    {
        json.WriteNumber("measured_s", report.Measured.TotalSeconds);
        json.WriteNumber("requests", report.Requests);
        json.WriteNumber("requests_per_s", report.RequestsPerSecond);
        json.WriteNumber("received_bytes", report.BytesReceived);
        json.WriteNumber("held", report.Held);
        json.WriteStartObject("latency_us");
        json.WriteNumber("count", report.Latencies.Count);
        foreach (double percentile in Measure.Percentiles)
        {
            json.WriteNumber(Measure.Name(percentile), report.Latencies.Percentile(percentile) / NanosecondsPerMicrosecond);
        }

        json.WriteNumber("mean", report.Latencies.Mean / NanosecondsPerMicrosecond);
        json.WriteNumber("max", report.Latencies.Max / NanosecondsPerMicrosecond);
        json.WriteEndObject();
        WriteNumberOrNull(json, "generator_late_us", report.Late?.TotalMicroseconds);
        json.WriteStartObject("errors");
        foreach ((string kind, long count) in report.Errors)
        {
            json.WriteNumber(kind, count);
        }

        json.WriteEndObject();
    }

    private static void WriteTimeline(Utf8JsonWriter json, LoadReport report)
    {
        json.WriteStartObject("timeline");
        json.WriteNumber("slice_s", report.Slice.TotalSeconds);
        json.WriteStartArray("requests");
        foreach (long count in report.CompletedPerSlice)
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
        json.WriteStartArray("slowest_us");
        foreach (long latency in report.SlowestPerSlice)
        {
            json.WriteNumberValue(latency / NanosecondsPerMicrosecond);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json, LoadReport report)
    {
        if (report.Server is not { } server)
        {
            json.WriteNull("server");
            return;
        }

        json.WriteStartObject("server");
        json.WriteNumber("cpu_s", server.Cpu.TotalSeconds);
        json.WriteNumber("core", server.Core);
        WriteNumberOrNull(json, "cpu_us_per_request", report.ServerMicrosecondsPerRequest);
        json.WriteNumber("rss_bytes_before", server.RssBytesBefore);
        json.WriteNumber("rss_bytes_after", server.RssBytesAfter);
        json.WriteEndObject();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, double? value)
    {
        if (value is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, value.Value);
        }
    }
}
