using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop.Packets;

/// <summary>As <see cref="SendToCall"/>, with the error as a value.</summary>
internal readonly struct TrySendToCall(SendTo operation, ReadOnlyMemory<byte> buffer, NetAddress to) : IResultCall<IoResult>
{
    public Direction Direction => Direction.Write;

    public bool TryStart(SocketFd socket, out int code) => new SendToCall(operation, buffer, to).TryStart(socket, out code);

    public ValueTask<IoResult> Ended(int code, CancellationToken cancellationToken) =>
        new(code >= 0 ? new IoResult(code, null) : new IoResult(0, operation.CreateError(to, code)));

    public ValueTask<IoResult> Parked(SocketFd socket) => new(socket.Writer, socket.Writer.Version);
}
