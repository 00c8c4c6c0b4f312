using HotLoop.Engine.Lab.Experiments;

namespace HotLoop.Engine.Lab;

/// <summary>The experiments, in the order in which a connection meets them: opened, read, closed, written.</summary>
internal static class Catalog
{
    internal static IReadOnlyList<Experiment> Experiments { get; } =
    [
        new Refused(),
        new Backlog(),
        new DialTimeout(),
        new ReadNone(),
        new ReadPartial(),
        new ReadEnough(),
        new CloseWithData(),
        new CloseWithoutData(),
        new ReadDeadline(),
        new WriteBlock(),
        new WritePartial(),
        new WriteTimeout(),
        new WriteAfterClose(),
        new HalfClose(),
        new Linger(),
        new Concurrent(),
    ];

    /// <summary>Null when there is none of that name.</summary>
    internal static Experiment? Find(string name) => Experiments.FirstOrDefault(e => e.Name == name);
}
