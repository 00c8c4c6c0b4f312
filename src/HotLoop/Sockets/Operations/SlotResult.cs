namespace HotLoop.Sockets.Operations;

/// <summary>How an operation of a slot ended: 0 or more, an <see cref="Parking.Outcome"/> or -errno.</summary>
internal readonly record struct SlotResult(int Code);
