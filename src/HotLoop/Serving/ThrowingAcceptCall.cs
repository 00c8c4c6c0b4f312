using HotLoop.Sockets;

namespace HotLoop.Serving;

/// <summary>An accept that throws.</summary>
internal struct ThrowingAcceptCall(Listener owner, Accepting operation) : IResultCall<Conn>
{
    private AcceptCall _call = new(owner, operation);

    public readonly Direction Direction => Direction.Read;

    public bool TryStart(SocketFd socket, out int code) => _call.TryStart(socket, out code);

    public readonly ValueTask<Conn> Ended(int code, CancellationToken cancellationToken)
    {
        AcceptResult result = _call.ResultOf(code);
        return result.Conn is { } conn ? new ValueTask<Conn>(conn) : ValueTask.FromException<Conn>(result.Error!);
    }

    public readonly ValueTask<Conn> Parked(SocketFd socket) => operation.ThrowingParkedIn(socket.Reader);
}
