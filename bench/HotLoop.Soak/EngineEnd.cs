namespace HotLoop.Soak;

/// <summary>How the engine that the soak had started ended.</summary>
/// <param name="ExitCode">Null: it had not ended after its drain time, and was killed.</param>
/// <param name="Seconds">From SIGTERM until then.</param>
/// <param name="UnexpectedErrors">Lines on its standard error other than the one about its backend.</param>
internal sealed record EngineEnd(int? ExitCode, double Seconds, IReadOnlyList<string> UnexpectedErrors);
