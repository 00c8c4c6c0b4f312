namespace HotLoop.Soak.Scenarios;

/// <summary>The server did something that the scenario forbids.</summary>
internal sealed class ScenarioException(FailureKind kind, string message) : Exception(message)
{
    internal FailureKind Kind { get; } = kind;
}
