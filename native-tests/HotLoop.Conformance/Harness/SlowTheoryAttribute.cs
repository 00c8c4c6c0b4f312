namespace HotLoop.Conformance;

/// <summary>A theory that takes minutes; it runs when the environment asks for it, else it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlowTheoryAttribute : TheoryAttribute
{
    private const string Variable = "HOTLOOP_SLOW_TESTS";

    public SlowTheoryAttribute() =>
        Skip = Environment.GetEnvironmentVariable(Variable) == "1" ? null : $"Takes minutes; {Variable}=1 runs it.";
}
