namespace HotLoop.Load;

/// <summary>What load to make. <see cref="Validate"/> says what does not fit together.</summary>
public sealed record LoadOptions
{
    /// <summary>Most bytes of one write: those of <see cref="Depth"/> messages.</summary>
    public const int WriteBytesMax = 16 * 1024 * 1024;

    /// <summary>Shortest message: it holds its number, by which an echo of another message is noticed.</summary>
    public const int MessageBytesMin = 8;

    private const double RateMin = 0.001;
    private const double RateMax = 10_000_000;

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    /// <summary>10 s.</summary>
    public static readonly TimeSpan DurationDefault = TimeSpan.FromSeconds(10);

    /// <summary>2 s: by then most of the generator's own code has been compiled anew.</summary>
    public static readonly TimeSpan WarmUpDefault = TimeSpan.FromSeconds(2);

    /// <summary>5 s.</summary>
    public static readonly TimeSpan TimeoutDefault = TimeSpan.FromSeconds(5);

    /// <summary>Whom it is for.</summary>
    public required LoadTarget Target { get; init; }

    /// <summary>What is done with a connection. Default: <see cref="LoadMode.Exchange"/>.</summary>
    public LoadMode Mode { get; init; }

    /// <summary>Connections at a time, spread evenly over the loops. Default 100.</summary>
    public int Connections { get; init; } = 100;

    /// <summary>
    /// Without a rate, the requests in flight on a connection; with one, the most: what is due beyond that waits, and the wait counts.
    /// Null (default): 1 without a rate and for HTTP, otherwise no limit.
    /// </summary>
    public int? Depth { get; init; }

    /// <summary>
    /// Requests a second over all connections (open loop): each is due at its time, whatever comes back, and its latency counts from
    /// then. Null (default): the next request goes out when an answer has come (closed loop).
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>Bytes of a message of an echo. Default 64.</summary>
    public int MessageBytes { get; init; } = 64;

    /// <summary>Whether every byte that comes back is compared with what was sent; otherwise they are counted. Echo only.</summary>
    public bool Verify { get; init; }

    /// <summary>Time measured. Default 10 s.</summary>
    public TimeSpan Duration { get; init; } = DurationDefault;

    /// <summary>Time of load before that. Its errors count. Default 2 s.</summary>
    public TimeSpan WarmUp { get; init; } = WarmUpDefault;

    /// <summary>Longest time for a dial, and without an answer where one is due; then the connection is given up. Default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeoutDefault;

    /// <summary>
    /// Whether connections come from 127.0.0.2 to 127.0.0.250 in turn, where the target is at 127.x.y.z: closed connections leave
    /// their ports unusable for a minute, and one address has 28,000. Default: for <see cref="LoadMode.Churn"/> only.
    /// </summary>
    public bool? ManySources { get; init; }

    /// <summary>The process whose CPU time and memory are read from /proc; it must be the server, on this machine. Null: none.</summary>
    public int? ServerPid { get; init; }

    /// <summary>
    /// The loops that make the load. Default: one loop, which never sleeps: otherwise every answer that finds it asleep charges the server for waking
    /// it, and the more so the faster the server is.
    /// </summary>
    public LoopOptions Loops { get; init; } = new() { LoopCount = 1, BusyPoll = System.Threading.Timeout.InfiniteTimeSpan };

    internal int RequestBytes => Target.Protocol == LoadProtocol.Http ? HttpExchange.RequestOf(this).Length : MessageBytes;

    /// <summary>What does not fit, in words; null if everything does.</summary>
    public string? Validate()
    {
        if (Connections < 1)
        {
            return "at least one connection is needed";
        }

        if (Depth is < 1)
        {
            return "the depth is at least 1";
        }

        if (Depth > 1 && Mode != LoadMode.Exchange)
        {
            return "a connection that carries one request has no depth";
        }

        if (Rate is not (null or (>= RateMin and <= RateMax)))
        {
            return "a rate is 0.001 to 10,000,000 requests a second";
        }

        if (Rate is not null && Mode != LoadMode.Exchange)
        {
            return "a rate is for connections that carry one request after the other";
        }

        if (MessageBytes < MessageBytesMin || (long)RequestBytes * (Depth ?? 1) > WriteBytesMax)
        {
            return $"a message has {MessageBytesMin} bytes or more, and all requests in flight on a connection at most {WriteBytesMax}";
        }

        if (Verify && Target.Protocol != LoadProtocol.Echo)
        {
            return "only an echo can be verified";
        }

        return Duration <= TimeSpan.Zero || WarmUp < TimeSpan.Zero || Timeout <= TimeSpan.Zero
            || Duration > s_longest || WarmUp > s_longest || Timeout > s_longest
            ? "times are above 0, but that of the warm-up, and at most a week"
            : null;
    }
}
