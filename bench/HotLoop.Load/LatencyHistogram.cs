using System.Numerics;

namespace HotLoop.Load;

/// <summary>
/// Counts latencies in buckets, log-linear as in HdrHistogram with 3 significant digits: every power of two is cut into 1,024 buckets of
/// equal width, so a value is known to a thousandth of itself, and below 2,048 ns to the nanosecond.
/// </summary>
/// <remarks>
/// Not for use by several threads at once: each loop has one, and they are added up in the end. 31 thousand buckets, 250 KB. What the package
/// HdrHistogram would cost instead is in bench/README.md.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int StepBits = 10;
    private const int Steps = 1 << StepBits;

    // Of 18 minutes; longer ones count as that, but for the maximum.
    private const int LongestBits = 40;

    private readonly long[] _counts = new long[(LongestBits - StepBits + 1) * Steps];
    private double _sum;

    /// <summary>Number of latencies.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, in nanoseconds; 0 if there are none.</summary>
    public long Max { get; private set; }

    /// <summary>Their mean, in nanoseconds; 0 if there are none.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Adds one, in nanoseconds. A negative one counts as 0.</summary>
    public void Record(long nanoseconds)
    {
        long value = Math.Max(nanoseconds, 0);
        _counts[Math.Min(BucketOf(value), _counts.Length - 1)]++;
        _sum += value;
        Count++;
        if (value > Max)
        {
            Max = value;
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (_sum, Count, Max) = (0, 0, 0);
    }

    /// <summary>Adds all of another.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        _sum += other._sum;
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>
    /// The latency, in nanoseconds, that <paramref name="percent"/> of all do not exceed: the upper end of its bucket, at most a thousandth
    /// above the truth, and never above <see cref="Max"/>. 0 if there are none.
    /// </summary>
    /// <param name="percent">0 to 100.</param>
    public long Percentile(double percent)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100)), seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Min(UpperEndOf(i), Max);
            }
        }

        return Max;
    }

    private static int BucketOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - StepBits);
        return (shift << StepBits) + (int)(value >> shift);
    }

    private static long UpperEndOf(int bucket)
    {
        int shift = Math.Max(0, (bucket >> StepBits) - 1);
        return ((bucket - ((long)shift << StepBits) + 1) << shift) - 1;
    }
}
