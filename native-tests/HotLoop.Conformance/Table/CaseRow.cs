namespace HotLoop.Conformance.Table;

/// <summary>A row of the table.</summary>
/// <param name="Go">The case.</param>
/// <param name="Verdict">How the two results stand to each other.</param>
/// <param name="Result">HotLoop's result.</param>
/// <param name="Why">The reason, where they are not equal.</param>
public sealed record CaseRow(GoCase Go, Verdict Verdict, string Result, string Why)
{
    /// <summary>"dial", "read" and so on: the first word of the id.</summary>
    public string Area => Go.Id.Split('.')[0];

    /// <param name="go">The case.</param>
    /// <param name="seen">What tests have seen of it.</param>
    public static CaseRow Of(GoCase go, string seen) => Differences.Find(go.Id) switch
    {
        null => new CaseRow(go, Verdict.Equal, seen, ""),
        { IsApplicable: false } none => new CaseRow(go, Verdict.NotApplicable, "none", none.Why),
        { } difference => new CaseRow(go, Verdict.Different, difference.Result ?? seen, difference.Why),
    };

    public override string ToString()
    {
        string verdict = Verdict switch
        {
            Verdict.Equal => "equal",
            Verdict.Different => "different: ",
            _ => "not applicable: ",
        };
        return $"| {Go.Id} | {Markdown.Plain(Go.Did)} | {GoResult.TextOf(Go)} | {Result} | {verdict}{Markdown.Plain(Why)} |";
    }
}
