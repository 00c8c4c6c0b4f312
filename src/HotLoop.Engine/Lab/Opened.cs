namespace HotLoop.Engine.Lab;

/// <summary>What a dial or an accept gave: an end of a connection, or an error.</summary>
/// <param name="Outcome">How the call ended.</param>
/// <param name="Connection">Null with an error.</param>
internal sealed record Opened(Outcome Outcome, End? Connection)
{
    /// <summary>For experiments that cannot go on without it.</summary>
    /// <exception cref="IOException">There is none.</exception>
    internal End End => Connection ?? throw new IOException(Outcome.Error);
}
