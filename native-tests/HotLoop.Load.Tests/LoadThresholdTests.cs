namespace HotLoop.Load.Tests;

public class LoadThresholdTests
{
    [Theory]
    [InlineData("p50>1ms", true)]
    [InlineData("p50 > 2.0ms", false)]
    [InlineData("p50>=2000us", true)]
    [InlineData("p50<=2ms", true)]
    [InlineData("p50<2ms", false)]
    [InlineData("p99.9<1s", true)]
    [InlineData("max>2ms", false)]
    [InlineData("mean>=2ms", true)]
    [InlineData("errors>0", true)]
    [InlineData("errors>3", false)]
    [InlineData("rate<1000", true)]
    [InlineData("rate<100", false)]
    [InlineData("held>0", false)]
    public void It_holds_or_not(string text, bool holds)
    {
        LatencyHistogram latencies = new();
        latencies.Record(2_000_000);
        LoadReport report = Reports.Of(latencies, requests: 500, seconds: 1, new() { ["reset"] = 1, ["timeout"] = 2 });
        Assert.True(LoadThreshold.TryParse(text, out LoadThreshold? threshold));
        Assert.Equal(holds, threshold.IsMet(report));
        Assert.Equal(text, threshold.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("p99")]
    [InlineData(">5ms")]
    [InlineData("p99>5")]
    [InlineData("p101>5ms")]
    [InlineData("p>5ms")]
    [InlineData("p99==5ms")]
    [InlineData("p99>5xms")]
    [InlineData("errors>1ms")]
    [InlineData("latency>1ms")]
    public void What_is_no_condition_is_refused(string text) => Assert.False(LoadThreshold.TryParse(text, out _));
}
