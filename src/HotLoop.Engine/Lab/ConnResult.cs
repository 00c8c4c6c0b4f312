namespace HotLoop.Engine.Lab;

/// <summary>What a dial or an accept gave: a connection or an error.</summary>
/// <param name="Outcome">How the call ended.</param>
/// <param name="Conn">Null with an error.</param>
internal sealed record ConnResult(Outcome Outcome, LoggedConn? Conn)
{
    /// <summary>For experiments that cannot go on without it.</summary>
    /// <exception cref="IOException">There is none.</exception>
    internal LoggedConn Required => Conn ?? throw new IOException(Outcome.Error);
}
