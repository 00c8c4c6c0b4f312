using HotLoop.TestKit;

namespace HotLoop.Package.Tests.Kit;

/// <summary>A test of what <c>make pack</c> makes; skipped where there is no make or no SDK.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MakeFactAttribute : FactAttribute
{
    public MakeFactAttribute() => Skip = Compiler.Find("make") is null ? "needs make" : Compiler.Find("dotnet") is null ? "needs the .NET SDK in PATH" : null;
}
