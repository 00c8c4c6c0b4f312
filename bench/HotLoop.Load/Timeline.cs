namespace HotLoop.Load;

/// <summary>What happened in each of equal slices of the time measured.</summary>
/// <param name="slice">Length of a slice, in nanoseconds.</param>
/// <param name="count">Number of slices.</param>
internal sealed class Timeline(long slice, int count)
{
    private const int SlicesMax = 300;

    private readonly long[] _completed = new long[count];
    private readonly long[] _slowest = new long[count];

    /// <summary>Requests that were completed.</summary>
    internal IReadOnlyList<long> Completed => _completed;

    /// <summary>The longest latency of those, in nanoseconds.</summary>
    internal IReadOnlyList<long> Slowest => _slowest;

    internal long SliceNanoseconds => slice;

    /// <summary>One of tenths of a second, or of as many as make few enough slices for a plot.</summary>
    internal static Timeline Of(TimeSpan duration)
    {
        long tenths = Math.Max(1, (long)Math.Ceiling(duration.TotalSeconds * 10));
        long width = (tenths + SlicesMax - 1) / SlicesMax;
        return new Timeline(width * 100_000_000, (int)((tenths + width - 1) / width));
    }

    /// <param name="at">Nanoseconds since the measuring began.</param>
    /// <param name="latency">Of the request completed then.</param>
    internal void Add(long at, long latency)
    {
        int index = (int)Math.Min(at / slice, count - 1);
        _completed[index]++;
        _slowest[index] = Math.Max(_slowest[index], latency);
    }

    internal void Add(Timeline other)
    {
        for (int i = 0; i < count; i++)
        {
            _completed[i] += other._completed[i];
            _slowest[i] = Math.Max(_slowest[i], other._slowest[i]);
        }
    }
}
