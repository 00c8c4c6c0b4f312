namespace HotLoop.Conformance.Table;

/// <summary>How HotLoop stands to Go in a case.</summary>
public enum Verdict
{
    Equal,
    Different,
    NotApplicable,
}
