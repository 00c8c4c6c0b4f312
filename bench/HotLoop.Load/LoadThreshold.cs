using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HotLoop.Load;

/// <summary>A condition on a report, such as <c>p99&gt;5ms</c>, under which a run counts as failed.</summary>
public sealed class LoadThreshold
{
    private static readonly (string Suffix, double Nanoseconds)[] s_units = [("us", 1e3), ("ms", 1e6), ("s", 1e9)];

    private readonly string _text;
    private readonly Func<LoadReport, double> _metric;
    private readonly string _comparison;
    private readonly double _limit;

    private LoadThreshold(string text, Func<LoadReport, double> metric, string comparison, double limit)
    {
        _text = text;
        _metric = metric;
        _comparison = comparison;
        _limit = limit;
    }

    /// <summary>
    /// Reads METRIC, one of &gt; &gt;= &lt; &lt;=, and a limit: <c>errors</c>, <c>rate</c> (requests/s) and <c>held</c> with a plain number;
    /// <c>p50</c> (any percentile), <c>mean</c> and <c>max</c> with a time in us, ms or s.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out LoadThreshold? threshold)
    {
        threshold = null;
        int at = text.AsSpan().IndexOfAny('<', '>');
        if (at <= 0)
        {
            return false;
        }

        string name = text[..at].Trim();
        string comparison = text.AsSpan(at + 1).StartsWith('=') ? text.Substring(at, 2) : text.Substring(at, 1);
        string limitText = text[(at + comparison.Length)..].Trim();
        Func<LoadReport, double>? metric = name switch
        {
            "errors" => r => r.ErrorCount,
            "rate" => r => r.RequestsPerSecond,
            "held" => r => r.Held,
            "mean" => r => r.Latencies.Mean,
            "max" => r => r.Latencies.Max,
            ['p', .. string percent] when TryParse(percent, 1, out double p) && p <= 100 => r => r.Latencies.Percentile(p),
            _ => null,
        };
        bool isTime = name is not ("errors" or "rate" or "held");
        double limit = 0;
        bool hasLimit = isTime
            ? s_units.Any(u => limitText.EndsWith(u.Suffix, StringComparison.Ordinal) && TryParse(limitText[..^u.Suffix.Length], u.Nanoseconds, out limit))
            : TryParse(limitText, 1, out limit);
        if (metric is null || !hasLimit)
        {
            return false;
        }

        threshold = new LoadThreshold(text, metric, comparison, limit);
        return true;
    }

    /// <summary>Whether the condition holds for what was measured.</summary>
    public bool IsMet(LoadReport report)
    {
        double value = _metric(report);
        return _comparison switch
        {
            ">" => value > _limit,
            ">=" => value >= _limit,
            "<" => value < _limit,
            _ => value <= _limit,
        };
    }

    /// <summary>The condition, as it was given.</summary>
    public override string ToString() => _text;

    private static bool TryParse(string text, double unit, out double value)
    {
        bool isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
        value *= unit;
        return isNumber;
    }
}
