using HotLoop.TestKit;

namespace HotLoop.Package.Tests.Kit;

/// <summary>A test of what <c>make pack</c> makes; skipped where there is no make or no SDK.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MakeFactAttribute : FactAttribute
{
    public MakeFactAttribute() => Skip = MissingTool.Reason;
}

/// <summary>As <see cref="MakeFactAttribute"/>, with rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MakeTheoryAttribute : TheoryAttribute
{
    public MakeTheoryAttribute() => Skip = MissingTool.Reason;
}

file static class MissingTool
{
    internal static string? Reason =>
        Compiler.Find("make") is null ? "needs make" : Compiler.Find("dotnet") is null ? "needs the .NET SDK in PATH" : null;
}
