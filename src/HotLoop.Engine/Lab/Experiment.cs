namespace HotLoop.Engine.Lab;

/// <summary>
/// One thing to see about sockets. It drives both sides itself, one step after the other, so that the order of events is its
/// choice and not the scheduler's.
/// </summary>
/// <param name="name">As typed on the command line.</param>
/// <param name="shows">What is to be seen, in one sentence.</param>
internal abstract class Experiment(string name, string shows)
{
    internal string Name { get; } = name;

    internal string Shows { get; } = shows;

    /// <summary>Plays it on <paramref name="stage"/> and says there what Go would have done.</summary>
    /// <remarks>It may throw and leave sockets open: the one is a difference, the others are closed with the stage.</remarks>
    internal abstract Task PlayAsync(Stage stage);
}
