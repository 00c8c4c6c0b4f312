using HotLoop.Soak.Tests.Kit;

namespace HotLoop.Soak.Tests;

public class WarmUpTests
{
    [Theory]
    [InlineData(10, 2)] // a fifth
    [InlineData(3600, 30)] // at most half a minute
    public void The_first_sample_after_it_is_the_measure(double duration, double expected)
    {
        Sample[] samples = [.. Enumerable.Range(1, 100).Select(second => Outcomes.SampleAt(second))];
        Assert.Equal(expected, WarmUp.FirstSteady(samples, TimeSpan.FromSeconds(duration)).Seconds);
    }

    [Fact]
    public void A_soak_that_ended_in_it_has_its_last_sample() =>
        Assert.Equal(2, WarmUp.FirstSteady([Outcomes.SampleAt(1), Outcomes.SampleAt(2)], TimeSpan.FromHours(1)).Seconds);
}
