namespace HotLoop.TestKit.Simulation;

/// <summary>What a <see cref="SimulatedNetwork"/> does to what is sent over it.</summary>
internal sealed record NetworkConditions
{
    /// <summary>The least and the most that anything is under way. One direction of a connection keeps its order.</summary>
    internal (TimeSpan Least, TimeSpan Most) Delay { get; init; } = (TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(1));

    /// <summary>How many of the parcels have to be sent again, and so come this much later.</summary>
    internal double LossRate { get; init; } = 0.01;

    internal TimeSpan LossDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many of the sends and receives take only a part.</summary>
    internal double PartRate { get; init; } = 0.3;

    /// <summary>With how many of the parcels the connection breaks: both ends are reset.</summary>
    internal double ResetRate { get; init; } = 0.002;

    /// <summary>Bytes that one end may have sent and the other not read.</summary>
    internal int Window { get; init; } = 2048;

    /// <summary>How long a turn of a loop takes, at most.</summary>
    internal TimeSpan TurnTime { get; init; } = TimeSpan.FromMicroseconds(20);
}
