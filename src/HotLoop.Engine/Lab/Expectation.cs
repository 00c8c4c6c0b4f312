using System.Globalization;

namespace HotLoop.Engine.Lab;

/// <summary>What Go would have answered to one call; where the answer was another, the verdict is told.</summary>
/// <param name="verdict">Told of differences.</param>
/// <param name="what">The call, in words.</param>
/// <param name="outcome">What came back here.</param>
internal sealed class Expectation(Verdict verdict, string what, Outcome outcome)
{
    // What a busy machine explains. Early is early, by however little.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMilliseconds(400);

    /// <summary>Go's <c>n, err</c>; an error's Timeout() is true for an expired deadline and for nothing else here.</summary>
    internal Expectation Is(int? count, string? error = null)
    {
        verdict.Check(outcome.Count == count, $"{what}: n = {outcome.Count}, in Go {count}");
        return HasError(error);
    }

    /// <summary>A part: more than nothing, less than <paramref name="all"/>, and an error, as always with a part.</summary>
    internal Expectation IsPartOf(int all, string error)
    {
        verdict.Check(
            outcome.Count > 0 && outcome.Count < all,
            $"{what}: n = {outcome.Count}, in Go more than 0 and less than {all}");
        return HasError(error);
    }

    /// <summary>It brought <paramref name="data"/>.</summary>
    internal Expectation Brings(ReadOnlySpan<byte> data)
    {
        verdict.Check(outcome.Data.Span.SequenceEqual(data), $"{what}: the bytes are not the ones that were written");
        return this;
    }

    /// <summary>It did not wait.</summary>
    internal Expectation AtOnce() => EndsAt(outcome.Began);

    /// <summary>It ended at <paramref name="moment"/> of the log.</summary>
    internal Expectation EndsAt(TimeSpan moment) => EndsBetween(moment, moment);

    /// <summary>It ended between two moments of the log.</summary>
    internal Expectation EndsBetween(TimeSpan first, TimeSpan last)
    {
        verdict.Check(outcome.Ended >= first, $"{what}: early by {Milliseconds(first - outcome.Ended)} ms");
        verdict.Check(
            outcome.Ended <= last + s_tolerance,
            $"{what}: late by {Milliseconds(outcome.Ended - last)} ms ({Milliseconds(s_tolerance)} ms are tolerated)");
        return this;
    }

    private Expectation HasError(string? error)
    {
        verdict.Check(outcome.Error == error, $"{what}: {Quote(outcome.Error)}, in Go {Quote(error)}");
        bool isTimeout = error is not null && error.EndsWith(": i/o timeout", StringComparison.Ordinal);
        verdict.Check(outcome.IsTimeout == isTimeout, $"{what}: Timeout() is {outcome.IsTimeout}, in Go {isTimeout}");
        return this;
    }

    private static string Quote(string? error) => error is null ? "no error" : $"the error '{error}'";

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
