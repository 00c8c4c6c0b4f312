using HotLoop.Sockets;

namespace HotLoop.Conns;

/// <summary>A write with its error as a value.</summary>
internal struct TryWriteCall(IErrorSource owner, ReadOnlyMemory<byte> buffer) : IResultCall<IoResult>
{
    private readonly IErrorSource _owner = owner;
    private int _sent;

    public readonly Direction Direction => Direction.Write;

    public bool TryStart(SocketFd socket, out int code) => WriteSlot.TrySend(socket, buffer, _owner, out code, out _sent);

    public readonly ValueTask<IoResult> Ended(int code, CancellationToken cancellationToken) =>
        new(IoResult.OfWrite(code, _sent, _owner));

    public readonly ValueTask<IoResult> Parked(SocketFd socket) => new(socket.Writer, socket.Writer.Version);
}
