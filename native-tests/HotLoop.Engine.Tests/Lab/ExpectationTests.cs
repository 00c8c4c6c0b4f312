using HotLoop.Engine.Lab;

namespace HotLoop.Engine.Tests.Lab;

/// <summary>What counts as a difference from Go.</summary>
public class ExpectationTests
{
    private const string Timeout = "read tcp 127.0.0.1:1->127.0.0.1:2: i/o timeout";

    private static readonly Outcome s_five = new() { Count = 5, Data = "hello"u8.ToArray(), Began = At(100), Ended = At(101) };
    private static readonly Outcome s_timeout =
        new() { Count = 0, Error = Timeout, IsTimeout = true, Began = At(100), Ended = At(300) };

    [Fact]
    public void What_Go_answers_is_no_difference()
    {
        AssertSame(s_five, e => e.Is(5).Brings("hello"u8).AtOnce());
        AssertSame(s_timeout, e => e.Is(0, Timeout).EndsAt(At(300)));
        AssertSame(s_timeout with { Count = 3 }, e => e.IsPartOf(4, Timeout));
        AssertSame(new Outcome { Count = 0, Error = "EOF" }, e => e.Is(0, "EOF"));
        AssertSame(new Outcome(), e => e.Is(null));
    }

    [Fact]
    public void Another_count_is_one()
    {
        AssertDiffers("it: n = 5, in Go 4", s_five, e => e.Is(4));
        AssertDiffers("it: n = , in Go 0", new Outcome(), e => e.Is(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Nothing_or_all_is_not_a_part(int count) => AssertDiffers(
        $"it: n = {count}, in Go more than 0 and less than 4", s_timeout with { Count = count }, e => e.IsPartOf(4, Timeout));

    [Fact]
    public void An_error_too_many_and_one_too_few_are()
    {
        AssertDiffers("it: the error 'EOF', in Go no error", new Outcome { Count = 0, Error = "EOF" }, e => e.Is(0));
        AssertDiffers("it: no error, in Go the error 'EOF'", new Outcome { Count = 0 }, e => e.Is(0, "EOF"));
    }

    [Fact]
    public void Another_port_in_the_text_is_one() => AssertDiffers(
        $"it: the error '{Timeout}', in Go the error '{Timeout.Replace(":2", ":3", StringComparison.Ordinal)}'",
        s_timeout,
        e => e.Is(0, Timeout.Replace(":2", ":3", StringComparison.Ordinal)));

    [Fact]
    public void A_timeout_that_does_not_say_so_is_one() =>
        AssertDiffers("it: Timeout() is False, in Go True", s_timeout with { IsTimeout = false }, e => e.Is(0, Timeout));

    [Fact]
    public void Other_bytes_are_one() =>
        AssertDiffers("it: the bytes are not the ones that were written", s_five, e => e.Brings("hullo"u8));

    [Fact]
    public void Early_is_one_by_however_little() =>
        AssertDiffers("it: early by 0.1 ms", s_timeout with { Ended = At(299.9) }, e => e.EndsAt(At(300)));

    [Fact]
    public void Late_is_one_beyond_what_a_busy_machine_explains()
    {
        AssertSame(s_timeout with { Ended = At(700) }, e => e.EndsAt(At(300)));
        AssertDiffers(
            "it: late by 400.1 ms (400.0 ms are tolerated)", s_timeout with { Ended = At(700.1) }, e => e.EndsAt(At(300)));
        AssertDiffers("it: late by 401.0 ms (400.0 ms are tolerated)", s_five with { Ended = At(501) }, e => e.AtOnce());
    }

    private static TimeSpan At(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static void AssertSame(Outcome outcome, Action<Expectation> expect) => Assert.Empty(Differences(outcome, expect));

    private static void AssertDiffers(string difference, Outcome outcome, Action<Expectation> expect) =>
        Assert.Equal(difference, Assert.Single(Differences(outcome, expect)));

    private static IReadOnlyList<string> Differences(Outcome outcome, Action<Expectation> expect)
    {
        Verdict verdict = new();
        expect(new Expectation(verdict, "it", outcome));
        return verdict.Close();
    }
}
