namespace HotLoop.Conformance;

/// <summary>
/// The observations that a test compares HotLoop with: "read.partial/1" or a range, "read.enough/1-4". The test fails when it has
/// not looked at each of them.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoCaseAttribute(params string[] cases) : Attribute
{
    public IReadOnlyList<string> Cases { get; } = cases;

    /// <summary>The ids, ranges written out.</summary>
    public IEnumerable<string> Ids => Cases.SelectMany(GoCases.Expand);
}
