using HotLoop.Soak.Tests.Kit;

namespace HotLoop.Soak.Tests;

public class RssTrendTests
{
    [Fact]
    public void A_mebibyte_a_minute_in_the_second_half_is_60_an_hour_whatever_the_first_did()
    {
        Sample[] samples =
        [
            .. Enumerable.Range(0, 60).Select(s => Outcomes.SampleAt(s) with { RssBytes = s * 100 * Outcomes.Mebibyte }),
            .. Enumerable.Range(60, 60).Select(s => Outcomes.SampleAt(s) with { RssBytes = s * Outcomes.Mebibyte / 60 }),
        ];
        Assert.Equal(60, RssTrend.MebibytesPerHour(samples, TimeSpan.FromSeconds(120))!.Value, 0.01);
    }

    [Fact]
    public void One_moment_has_no_slope() => Assert.Null(RssTrend.MebibytesPerHour([Outcomes.SampleAt(9)], TimeSpan.FromSeconds(10)));
}
