using System.Numerics;

namespace HotLoop.Soak;

/// <summary>
/// Counts latencies in classes that are at most 1/32 wide of their value, so that a soak of days takes no more memory than one of
/// seconds. Not for several threads.
/// </summary>
internal sealed class LatencyHistogram
{
    // Up to 64 µs every microsecond is a class of its own; above, each doubling has 32.
    private const int StepBits = 5;
    private const int Steps = 1 << StepBits;

    private readonly long[] _counts = new long[(64 - StepBits) * Steps];
    private long _maxMicroseconds;

    internal long Count { get; private set; }

    internal TimeSpan Max => TimeSpan.FromMicroseconds(_maxMicroseconds);

    internal void Add(TimeSpan latency)
    {
        long microseconds = Math.Max(0, (long)latency.TotalMicroseconds);
        _counts[ClassOf(microseconds)]++;
        _maxMicroseconds = Math.Max(_maxMicroseconds, microseconds);
        Count++;
    }

    internal void Clear()
    {
        Array.Clear(_counts);
        _maxMicroseconds = 0;
        Count = 0;
    }

    /// <summary>
    /// The least latency that so many per cent do not exceed, rounded up to the end of its class; 0 without any.
    /// </summary>
    internal TimeSpan Percentile(double percent)
    {
        long wanted = (long)Math.Ceiling(Count * percent / 100);
        long seen = 0;
        for (int i = 0; i < _counts.Length && Count > 0; i++)
        {
            seen += _counts[i];
            if (seen >= wanted && seen > 0)
            {
                return TimeSpan.FromMicroseconds(Math.Min(LastOf(i), _maxMicroseconds));
            }
        }

        return TimeSpan.Zero;
    }

    private static int ClassOf(long microseconds)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)microseconds | 1) - StepBits);
        return (shift << StepBits) + (int)(microseconds >> shift);
    }

    private static long LastOf(int index)
    {
        int shift = Math.Max(0, (index >> StepBits) - 1);
        return ((index - ((long)shift << StepBits) + 1) << shift) - 1;
    }
}
