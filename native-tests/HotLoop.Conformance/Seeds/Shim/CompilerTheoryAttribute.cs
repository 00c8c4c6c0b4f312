using HotLoop.TestKit;

namespace HotLoop.Conformance.Seeds.Shim;

/// <summary>A theory that needs the C compiler; without one it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompilerTheoryAttribute : TheoryAttribute
{
    public CompilerTheoryAttribute() => Skip = Compiler.SkipReason;
}
