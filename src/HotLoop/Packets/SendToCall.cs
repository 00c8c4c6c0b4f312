using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop.Packets;

/// <summary>Sends a datagram, and throws.</summary>
/// <param name="operation">The socket's own, used under the write lock.</param>
/// <param name="buffer">The datagram.</param>
/// <param name="to">Its receiver.</param>
internal readonly struct SendToCall(SendTo operation, ReadOnlyMemory<byte> buffer, NetAddress to) : IVoidCall
{
    public Direction Direction => Direction.Write;

    public bool TryStart(SocketFd socket, out int code)
    {
        code = operation.Prepare(buffer, to);
        return code < 0 || socket.Writer.TryRun(operation, operation, out code);
    }

    public ValueTask Ended(int code, CancellationToken cancellationToken) =>
        code >= 0 ? default : ValueTask.FromException(operation.CreateError(to, code));

    public ValueTask Parked(SocketFd socket) => new(socket.Writer, socket.Writer.Version);
}
