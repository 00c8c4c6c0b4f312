namespace HotLoop.Load.Tests;

public class LatencyHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_percentile_is_that_of_the_sorted_values_to_a_thousandth(int seed)
    {
        Random random = new(seed);
        LatencyHistogram histogram = new();
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(2, random.NextDouble() * 39))];
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        Array.Sort(values);
        foreach (double percent in (double[])[0.01, 1, 25, 50, 90, 99, 99.9, 99.99, 100])
        {
            long exact = values[(int)Math.Ceiling(values.Length * percent / 100) - 1];
            Assert.InRange(histogram.Percentile(percent), exact, exact + (exact / 1000));
        }

        Assert.Equal(values[^1], histogram.Max);
        Assert.Equal(values.Length, histogram.Count);
        Assert.Equal(values.Average(v => (double)v), histogram.Mean, 1.0);
    }

    [Fact]
    public void Every_value_is_known_to_a_thousandth_wherever_buckets_change()
    {
        for (int bit = 0; bit < 40; bit++)
        {
            foreach (long value in (long[])[(1L << bit) - 1, 1L << bit, (1L << bit) + 1])
            {
                LatencyHistogram histogram = new();
                histogram.Record(value);
                histogram.Record(1L << 41);
                Assert.InRange(histogram.Percentile(50), value, value + (value / 1000));
            }
        }
    }

    [Fact]
    public void What_is_too_long_for_the_buckets_still_is_the_maximum()
    {
        LatencyHistogram histogram = new();
        histogram.Record(long.MaxValue);
        Assert.Equal(long.MaxValue, histogram.Max);
        Assert.InRange(histogram.Percentile(100), 1L << 39, long.MaxValue);
    }

    [Fact]
    public void A_negative_latency_is_none_and_an_empty_histogram_is_0()
    {
        LatencyHistogram histogram = new();
        Assert.Equal(0, histogram.Percentile(99));
        Assert.Equal(0, histogram.Mean);
        histogram.Record(-5);
        Assert.Equal(1, histogram.Count);
        Assert.Equal(0, histogram.Percentile(100));
    }

    [Fact]
    public void A_cleared_one_is_as_new()
    {
        LatencyHistogram histogram = new();
        histogram.Record(5_000_000);
        histogram.Clear();
        Assert.Equal((0, 0, 0.0, 0), (histogram.Count, histogram.Max, histogram.Mean, histogram.Percentile(100)));
        histogram.Record(7);
        Assert.Equal(7, histogram.Percentile(100));
    }

    [Fact]
    public void Two_added_up_are_as_one_that_saw_all()
    {
        LatencyHistogram all = new(), first = new(), second = new();
        for (int i = 1; i < 5000; i++)
        {
            long value = i * 7919L % 1_000_003;
            all.Record(value);
            (i % 3 == 0 ? first : second).Record(value);
        }

        first.Add(second);
        Assert.Equal(all.Count, first.Count);
        Assert.Equal(all.Max, first.Max);
        Assert.Equal(all.Mean, first.Mean, 1e-6);
        Assert.All(new double[] { 1, 50, 99, 99.9 }, p => Assert.Equal(all.Percentile(p), first.Percentile(p)));
    }
}
