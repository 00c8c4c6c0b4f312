using HotLoop.TestKit;

namespace HotLoop.Abi;

/// <summary>A fact that needs the C compiler; without one it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HeaderFactAttribute : FactAttribute
{
    public HeaderFactAttribute() => Skip = Compiler.SkipReason;
}

/// <summary>A theory that needs the C compiler; without one it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HeaderTheoryAttribute : TheoryAttribute
{
    public HeaderTheoryAttribute() => Skip = Compiler.SkipReason;
}
