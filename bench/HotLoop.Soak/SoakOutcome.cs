namespace HotLoop.Soak;

/// <summary>All that a soak has found out.</summary>
internal sealed record SoakOutcome
{
    /// <summary>Open descriptors of the server before the load.</summary>
    public required int DescriptorsBefore { get; init; }

    /// <summary>Open descriptors once the load was over and the server had had time to settle.</summary>
    public required int DescriptorsAfter { get; init; }

    /// <summary>The server's memory when it was warm.</summary>
    public required long SteadyRssBytes { get; init; }

    /// <summary>The server's memory once the load was over and the server had had time to settle.</summary>
    public required long SettledRssBytes { get; init; }

    /// <summary>Growth of the server's memory over the second half of the load; null: there were too few samples.</summary>
    public double? RssMebibytesPerHour { get; init; }

    /// <summary>Over the whole soak.</summary>
    public required IReadOnlyList<ScenarioSummary> Scenarios { get; init; }

    /// <summary>The process was gone before it was told to end. Descriptors and memory then mean nothing.</summary>
    public bool IsServerLost { get; init; }

    /// <summary>Copies of scenarios that had not ended long after they had to.</summary>
    public int HangingCopies { get; init; }

    /// <summary>Null: there was none.</summary>
    public GcStressSummary? GcStress { get; init; }

    /// <summary>Null for a server that somebody else has started.</summary>
    public EngineEnd? End { get; init; }
}
