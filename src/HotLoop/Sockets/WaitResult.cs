namespace HotLoop.Sockets;

/// <summary>How a plain wait ended: 0 when the descriptor may be ready, else an <see cref="Parking.Outcome"/> or -errno.</summary>
internal readonly record struct WaitResult(int Code);
