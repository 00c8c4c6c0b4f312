namespace HotLoop.Soak.Scenarios;

/// <summary>What an iteration that went well has to say.</summary>
/// <param name="Bytes">Bytes that came back and were right.</param>
/// <param name="Latency">See <see cref="IterationResult.Latency"/>.</param>
internal readonly record struct Moved(long Bytes, TimeSpan Latency);
