namespace HotLoop.Conformance.Seeds;

/// <summary>A conversation that holds some of HotLoop's promises, whatever the kernel does that it may do. Takes some milliseconds.</summary>
/// <param name="Name">For the message of a failure.</param>
/// <param name="Run">Ends when all that was promised has been seen.</param>
internal sealed record Conversation(string Name, Func<Talk, Task> Run)
{
    internal static IReadOnlyList<Conversation> All { get; } =
    [
        new("echo", Conversations.Echoing.Run),
        new("pipeline", Conversations.Pipeline.Run),
        new("half-close", Conversations.HalfClose.Run),
        new("trickle", Conversations.Trickle.Run),
        new("readers in line", Conversations.ReadersInLine.Run),
        new("close", Conversations.Closing.Run),
        new("reset", Conversations.Reset.Run),
        new("accepts", Conversations.AcceptStorm.Run),
        new("cancellation", Conversations.Cancellation.Run),
        new("server", Conversations.Serving.Run),
        new("churn", Conversations.Churn.Run),
        new("datagrams", Conversations.Datagrams.Run),
    ];
}
