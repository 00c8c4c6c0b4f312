namespace HotLoop.Sockets.Operations;

/// <summary>Runs an operation to its end, whose outcome is the result.</summary>
internal readonly struct RunCall(Direction direction, SocketOperation operation) : IResultCall<SlotResult>
{
    public Direction Direction => direction;

    public bool TryStart(SocketFd socket, out int code) =>
        socket.SlotOf(direction).TryRun(operation, owner: null, out code);

    public ValueTask<SlotResult> Ended(int code, CancellationToken cancellationToken) => new(new SlotResult(code));

    public ValueTask<SlotResult> Parked(SocketFd socket)
    {
        SocketSlot slot = socket.SlotOf(direction);
        return new ValueTask<SlotResult>(slot, slot.Version);
    }
}
