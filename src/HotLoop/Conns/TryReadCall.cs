using HotLoop.Sockets;

namespace HotLoop.Conns;

/// <summary>A read with its error as a value.</summary>
internal readonly struct TryReadCall(IErrorSource owner, Memory<byte> buffer) : IResultCall<IoResult>
{
    public Direction Direction => Direction.Read;

    public bool TryStart(SocketFd socket, out int code) => new ReadCall(owner, buffer).TryStart(socket, out code);

    public ValueTask<IoResult> Ended(int code, CancellationToken cancellationToken) => new(IoResult.OfRead(code, owner));

    public ValueTask<IoResult> Parked(SocketFd socket) => new(socket.Reader, socket.Reader.Version);
}
