using HotLoop.Dialing;

namespace HotLoop.Tests.Serving;

/// <summary>How the time of a dial is shared out to several addresses: as Go's partialDeadline.</summary>
public sealed class DialShareTests
{
    private const long Second = 1_000_000_000;
    private const long Now = 1000 * Second;

    [Theory]
    [InlineData(12, 1, 12)]
    [InlineData(12, 2, 6)]
    [InlineData(12, 3, 4)]
    [InlineData(12, 5, 2.4)]
    [InlineData(12, 6, 2)]
    public void Each_address_has_an_equal_part(double left, int addresses, double share) => Check(left, addresses, share);

    [Theory]
    [InlineData(12, 7, 2)]
    [InlineData(12, 1000, 2)]
    [InlineData(3, 2, 2)]
    [InlineData(1.9, 1000, 1.9)]
    [InlineData(0.000_000_001, 3, 0.000_000_001)]
    public void But_no_less_than_two_seconds_while_there_are_two(double left, int addresses, double share) =>
        Check(left, addresses, share);

    [Fact]
    public void Without_a_deadline_there_is_none_for_a_part()
    {
        Assert.True(DialRace.ShareOf(Now, Deadline.None, 2).IsNone);
        Assert.True(DialRace.ShareOf(Now, Deadline.None, 1).IsNone);
    }

    [Fact]
    public void One_that_is_over_stays_so()
    {
        foreach (long moment in new[] { Now, Now - 1, 1 })
        {
            Assert.Equal(moment, DialRace.ShareOf(Now, Deadline.FromNanoseconds(moment), 2).Nanoseconds);
        }
    }

    private static void Check(double left, int addresses, double share)
    {
        Deadline deadline = Deadline.FromNanoseconds(Now + (long)(left * Second));
        Assert.Equal(Now + (long)(share * Second), DialRace.ShareOf(Now, deadline, addresses).Nanoseconds);
    }
}
