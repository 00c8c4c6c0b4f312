namespace HotLoop;

/// <summary>How the receive of a datagram ended: Go's <c>n, addr, err</c> of ReadFrom.</summary>
/// <param name="Count">Bytes received; 0 without an error is an empty datagram, not an end.</param>
/// <param name="From">Who sent it; null with an error, and for a Unix socket without a name.</param>
/// <param name="Error">Null when all went well.</param>
public readonly record struct PacketResult(int Count, NetAddress? From, OpError? Error);
