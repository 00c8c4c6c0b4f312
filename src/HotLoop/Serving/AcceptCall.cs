using HotLoop.Sockets;

namespace HotLoop.Serving;

/// <summary>An accept with its error as a value.</summary>
internal struct AcceptCall(Listener owner, Accepting operation) : IResultCall<AcceptResult>
{
    private readonly Accepting _operation = operation;
    private AcceptResult _result;

    public readonly Direction Direction => Direction.Read;

    public bool TryStart(SocketFd socket, out int code)
    {
        _operation.Prepare(Loop.Current);
        if (!socket.Reader.TryRun(_operation, owner: null, out code))
        {
            return false;
        }

        _result = _operation.ToResult(code);
        return true;
    }

    public readonly ValueTask<AcceptResult> Ended(int code, CancellationToken cancellationToken) => new(ResultOf(code));

    public readonly ValueTask<AcceptResult> Parked(SocketFd socket) => _operation.ParkedIn(socket.Reader);

    internal readonly AcceptResult ResultOf(int code) =>
        code < 0 && _result.Error is null ? new AcceptResult(null, owner.CreateError(code)) : _result;
}
