namespace HotLoop.Load;

/// <summary>What one loop counts. Only its thread writes; who shows progress reads the plain numbers while it does.</summary>
internal sealed class Tally(TimeSpan duration)
{
    private readonly Dictionary<string, long> _errors = [];
    private long _answered;
    private long _completed;
    private long _bytesReceived;
    private long _errorCount;

    /// <summary>Latencies of the requests that began, or were due, in the time measured, even if they ended after it.</summary>
    internal LatencyHistogram Latencies { get; } = new();

    internal Timeline Timeline { get; } = Timeline.Of(duration);

    /// <summary>The time measured, by <see cref="Clock"/>. Until it is set nothing but errors is counted.</summary>
    internal long Begin { get; set; } = long.MaxValue;

    internal long End { get; set; } = long.MaxValue;

    /// <summary>Requests that were completed, warm-up included.</summary>
    internal long Answered => Volatile.Read(ref _answered);

    /// <summary>Requests that were completed in the time measured.</summary>
    internal long Completed => _completed;

    /// <summary>Bytes that came in the time measured.</summary>
    internal long BytesReceived => _bytesReceived;

    /// <summary>Connections that are held, silent.</summary>
    internal long Held { get; set; }

    internal long ErrorCount => Volatile.Read(ref _errorCount);

    internal IReadOnlyDictionary<string, long> Errors => _errors;

    internal void Complete(long started, long now)
    {
        Volatile.Write(ref _answered, _answered + 1);
        if (now >= Begin && now < End)
        {
            _completed++;
            Timeline.Add(now - Begin, now - started);
        }

        if (started >= Begin && started < End)
        {
            Latencies.Record(now - started);
        }
    }

    /// <summary>A request ended without an answer after so long.</summary>
    internal void Miss(long started, long now)
    {
        if (started >= Begin && started < End)
        {
            Latencies.Record(now - started);
        }
    }

    internal void Receive(int bytes, long now)
    {
        if (now >= Begin && now < End)
        {
            _bytesReceived += bytes;
        }
    }

    internal void Fail(string kind, long count = 1)
    {
        _errors[kind] = _errors.GetValueOrDefault(kind) + count;
        Volatile.Write(ref _errorCount, _errorCount + count);
    }
}
