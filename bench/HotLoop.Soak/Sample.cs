namespace HotLoop.Soak;

/// <summary>The server and the load at one moment.</summary>
/// <param name="Seconds">Since the load began.</param>
/// <param name="RssBytes">See <see cref="ServerReading"/>.</param>
/// <param name="Descriptors">See <see cref="ServerReading"/>.</param>
/// <param name="Threads">See <see cref="ServerReading"/>.</param>
/// <param name="ProcessorPercent">Processor time since the sample before, of one processor.</param>
/// <param name="Scenarios">Iterations completed since the sample before.</param>
internal sealed record Sample(
    double Seconds,
    long RssBytes,
    int Descriptors,
    int Threads,
    double ProcessorPercent,
    IReadOnlyList<ScenarioSummary> Scenarios);
