namespace HotLoop.Load;

/// <summary>What came of a load.</summary>
public sealed record LoadReport
{
    /// <summary>What was asked for.</summary>
    public required LoadOptions Options { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>Loops that made it.</summary>
    public required int Loops { get; init; }

    /// <summary>What they waited with.</summary>
    public required BackendKind Backend { get; init; }

    /// <summary>Time measured. Shorter than asked for if the run was ended early; 0 if no connection came about.</summary>
    public required TimeSpan Measured { get; init; }

    /// <summary>Requests that were answered, the warm-up included.</summary>
    public required long Answered { get; init; }

    /// <summary>Requests completed in that time.</summary>
    public required long Requests { get; init; }

    /// <summary>Bytes received in that time.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>
    /// Latencies of the requests that began in that time, answered after it or never included. With a rate they count from when the request was
    /// due, otherwise from when it was sent, or its connection begun.
    /// </summary>
    public required LatencyHistogram Latencies { get; init; }

    /// <summary>Errors by kind, from the first connection on.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>Connections that were still held at the end, in <see cref="LoadMode.Idle"/>.</summary>
    public required long Held { get; init; }

    /// <summary>Length of a slice of the time line.</summary>
    public required TimeSpan Slice { get; init; }

    /// <summary>Requests completed in each slice that was over before the end.</summary>
    public required IReadOnlyList<long> CompletedPerSlice { get; init; }

    /// <summary>The longest latency of those, in nanoseconds; 0 if there were none.</summary>
    public required IReadOnlyList<long> SlowestPerSlice { get; init; }

    /// <summary>With a rate: by how much the generator itself sent a request too late at most. Latencies of that order are its own.</summary>
    public TimeSpan? Late { get; init; }

    /// <summary>What the server used; null if its process was not named, or ended.</summary>
    public ServerUsage? Server { get; init; }

    /// <summary>Errors of all kinds.</summary>
    public long ErrorCount => Errors.Values.Sum();

    /// <summary>Requests completed per second; 0 if nothing was measured.</summary>
    public double RequestsPerSecond => Measured <= TimeSpan.Zero ? 0 : Requests / Measured.TotalSeconds;

    /// <summary>Whether anything was answered, or held.</summary>
    public bool HasSucceeded => Answered > 0 || Held > 0;

    /// <summary>CPU time of the server for one request, in microseconds; null without a server or requests.</summary>
    public double? ServerMicrosecondsPerRequest =>
        Server is null || RequestsPerSecond <= 0 ? null : Server.Core * 1e6 / RequestsPerSecond;
}
