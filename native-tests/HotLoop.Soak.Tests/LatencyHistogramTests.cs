namespace HotLoop.Soak.Tests;

public class LatencyHistogramTests
{
    [Fact]
    public void Without_latencies_all_is_zero()
    {
        LatencyHistogram histogram = new();
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(99));
        Assert.Equal(TimeSpan.Zero, histogram.Max);
    }

    // Whatever its size, a value comes back as itself or as at most 1/32 more.
    [Fact]
    public void A_class_is_narrow_and_never_below_its_values()
    {
        foreach (long value in Enumerable.Range(0, 40).SelectMany(bit => new[] { (1L << bit) - 1, 1L << bit, (1L << bit) + 1 }))
        {
            LatencyHistogram histogram = new();
            histogram.Add(TimeSpan.FromMicroseconds(value));
            histogram.Add(TimeSpan.FromMicroseconds(1L << 45)); // or the maximum would hide the class
            Assert.InRange((long)histogram.Percentile(50).TotalMicroseconds, value, value + (value / 32));
        }
    }

    [Fact]
    public void Percentiles_count_from_below()
    {
        LatencyHistogram histogram = new();
        for (int i = 1; i <= 60; i++)
        {
            histogram.Add(TimeSpan.FromMicroseconds(i));
        }

        Assert.Equal(30, histogram.Percentile(50).TotalMicroseconds);
        Assert.Equal(60, histogram.Percentile(99).TotalMicroseconds);
        Assert.Equal(60, histogram.Max.TotalMicroseconds);
        histogram.Clear();
        Assert.Equal(0, histogram.Count);
        Assert.Equal(TimeSpan.Zero, histogram.Max);
    }
}
