using System.Globalization;
using Xunit;

namespace HotLoop.TestKit.Engine;

/// <summary><c>launch.c</c>, compiled once: a program between the test and the engine that denies the engine something.</summary>
internal static class Launcher
{
    private static readonly Lazy<string> s_path = new(Compile);

    internal static string Path => s_path.Value;

    internal static string[] Arguments(Denial denial) =>
        [denial.Number.ToString(CultureInfo.InvariantCulture), denial.Errno.ToString(CultureInfo.InvariantCulture)];

    private static string Compile()
    {
        string program = System.IO.Path.Combine(AppContext.BaseDirectory, "launch");
        Compiler.Execute(Compiler.Path!, "-Wall", "-Werror", "-o", program, $"{program}.c");
        return program;
    }
}

/// <summary>A fact that needs <see cref="Launcher"/>; without a C compiler it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LauncherFactAttribute : FactAttribute
{
    public LauncherFactAttribute() => Skip = Compiler.SkipReason;
}

/// <summary>A theory that needs <see cref="Launcher"/>; without a C compiler it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LauncherTheoryAttribute : TheoryAttribute
{
    public LauncherTheoryAttribute() => Skip = Compiler.SkipReason;
}
