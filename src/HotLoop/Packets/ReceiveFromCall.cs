using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop.Packets;

/// <summary>Receives a datagram with its sender.</summary>
/// <param name="owner">The connection.</param>
/// <param name="operation">The socket's own, used under the read lock.</param>
/// <param name="buffer">Receives the bytes.</param>
/// <param name="throws">An error is thrown, not returned.</param>
internal struct ReceiveFromCall(IErrorSource owner, ReceiveFrom operation, Memory<byte> buffer, bool throws)
    : IResultCall<PacketResult>
{
    private readonly ReceiveFrom _operation = operation;
    private PacketResult _result;

    public readonly Direction Direction => Direction.Read;

    public bool TryStart(SocketFd socket, out int code)
    {
        _operation.Prepare(buffer, throws);
        if (!socket.Reader.TryRun(_operation, owner: null, out code))
        {
            return false;
        }

        _result = _operation.ToResult(code);
        return true;
    }

    public readonly ValueTask<PacketResult> Ended(int code, CancellationToken cancellationToken)
    {
        if (code >= 0)
        {
            return new ValueTask<PacketResult>(_result);
        }

        OpError error = _result.Error ?? owner.CreateError("read", code);
        return throws
            ? ValueTask.FromException<PacketResult>(error)
            : new ValueTask<PacketResult>(new PacketResult(0, null, error));
    }

    public readonly ValueTask<PacketResult> Parked(SocketFd socket) => _operation.ParkedIn(socket.Reader);
}
