namespace HotLoop.Conformance.Table;

/// <summary>What was seen of one case, as the table shows it: count, error, what else was looked at, duration.</summary>
public sealed class CaseResult
{
    private const string NoError = "no error";

    private readonly List<string> _counts = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _others = [];
    private readonly List<string> _durations = [];

    public void Count(string count) => _counts.Add($"n {count}");

    /// <summary>Null: there was none.</summary>
    public void Error(string? text) => _errors.Add(text is null ? NoError : Markdown.Code(text));

    public void Other(string text) => _others.Add(Markdown.Plain(text));

    public void Other(string name, string value) => Other($"{name}={value}");

    public void Duration(string text) => _durations.Add(text);

    // Where a case is looked at several times, the same part is shown once; that nothing failed is said where nothing else is.
    public override string ToString()
    {
        bool isOnlySuccess = _errors.TrueForAll(e => e == NoError) && _counts.Count + _others.Count > 0;
        string[] parts =
        [
            string.Join(" or ", _counts.Distinct()),
            isOnlySuccess ? "" : string.Join(" or ", _errors.Distinct()),
            .. _others.Distinct().Order(StringComparer.Ordinal),
            string.Join(", ", _durations.Distinct()),
        ];
        string text = string.Join(", ", parts.Where(p => p.Length > 0));
        return text.Length == 0 ? "as Go" : text;
    }
}
