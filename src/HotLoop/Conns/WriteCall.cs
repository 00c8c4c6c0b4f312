using HotLoop.Parking;
using HotLoop.Sockets;

namespace HotLoop.Conns;

/// <summary>A write that throws.</summary>
internal readonly struct WriteCall(IErrorSource owner, ReadOnlyMemory<byte> buffer) : IVoidCall
{
    public Direction Direction => Direction.Write;

    public bool TryStart(SocketFd socket, out int code) => WriteSlot.TrySend(socket, buffer, owner, out code, out _);

    public ValueTask Ended(int code, CancellationToken cancellationToken) => code switch
    {
        >= 0 => default,
        Outcome.Canceled => ValueTask.FromCanceled(cancellationToken),
        _ => ValueTask.FromException(owner.CreateError("write", code)),
    };

    public ValueTask Parked(SocketFd socket) => new(socket.Writer, socket.Writer.Version);
}
