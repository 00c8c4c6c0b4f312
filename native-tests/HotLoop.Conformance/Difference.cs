namespace HotLoop.Conformance;

/// <summary>Cases in which HotLoop is not as Go, and why.</summary>
/// <param name="Why">The reason, for the table.</param>
/// <param name="Cases">Ids and ranges, as in <see cref="GoCaseAttribute"/>.</param>
public sealed record Difference(string Why, params string[] Cases)
{
    /// <summary>False: .NET or HotLoop has no such thing, and no test looks for it.</summary>
    public bool IsApplicable { get; init; } = true;

    /// <summary>HotLoop's result, where no test can show it. Null (default): a test records it.</summary>
    public string? Result { get; init; }

    /// <summary>Whether a test must look at these cases: all that are applicable and have no result here.</summary>
    public bool IsTested => IsApplicable && Result is null;

    public IEnumerable<string> Ids => Cases.SelectMany(GoCases.Expand);
}
