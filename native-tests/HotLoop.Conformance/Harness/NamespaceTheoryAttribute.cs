using HotLoop.TestKit.Networks;

namespace HotLoop.Conformance;

/// <summary>A theory that needs a network namespace of its own; where the system gives none it is skipped and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespaceTheoryAttribute : TheoryAttribute
{
    private static readonly string? s_refusal = NetworkNamespace.Refusal();

    public NamespaceTheoryAttribute() => Skip = s_refusal;
}
