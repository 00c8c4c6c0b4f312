namespace HotLoop;

/// <summary>How an accept ended: a connection, or an error. Go's <c>conn, err</c>.</summary>
/// <param name="Conn">The connection, owned by the caller; null with an error.</param>
/// <param name="Error">Null when all went well.</param>
public readonly record struct AcceptResult(Conn? Conn, OpError? Error);
