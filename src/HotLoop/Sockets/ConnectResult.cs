namespace HotLoop.Sockets;

/// <summary>How a connect ended: 0, an <see cref="Parking.Outcome"/> or -errno.</summary>
internal readonly record struct ConnectResult(int Code);
