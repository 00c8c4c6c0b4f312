namespace HotLoop.Load.Tests;

/// <summary>Reports of runs that never were.</summary>
internal static class Reports
{
    internal static LoadReport Of(LatencyHistogram latencies, long requests, double seconds, Dictionary<string, long> errors) => new()
    {
        Options = new LoadOptions { Target = new LoadTarget(LoadProtocol.Http, "127.0.0.1:80", "/?a=1&b=<2>") },
        Date = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Loops = 1,
        Backend = BackendKind.Epoll,
        Measured = TimeSpan.FromSeconds(seconds),
        Answered = requests,
        Requests = requests,
        BytesReceived = requests * 100,
        Latencies = latencies,
        Errors = errors,
        Held = 0,
        Slice = TimeSpan.FromSeconds(0.1),
        CompletedPerSlice = [.. Enumerable.Repeat(requests / 10, 10)],
        SlowestPerSlice = [.. Enumerable.Repeat(latencies.Max, 10)],
    };
}
