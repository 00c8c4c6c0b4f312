using HotLoop.TestKit;

namespace HotLoop.Samples.Tests;

/// <summary>A test that needs a program of the machine; skipped, and says so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program)
    {
        if (Compiler.Find(program) is null)
        {
            Skip = $"'{program}' is not in PATH.";
        }
    }
}
