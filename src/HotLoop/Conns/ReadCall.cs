using HotLoop.Parking;
using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop.Conns;

/// <summary>A read that throws.</summary>
/// <param name="owner">The connection: kept from the garbage collector while the call waits.</param>
/// <param name="buffer">Receives the bytes.</param>
/// <param name="waitsWhenEmpty">With an empty buffer, waits until there is something to read; else it ends at once, as in Go.</param>
internal readonly struct ReadCall(IErrorSource owner, Memory<byte> buffer, bool waitsWhenEmpty = false) : IResultCall<int>
{
    public Direction Direction => Direction.Read;

    public bool TryStart(SocketFd socket, out int code)
    {
        if (!buffer.IsEmpty)
        {
            return socket.Reader.TryReceive(buffer, owner, out code);
        }

        if (waitsWhenEmpty)
        {
            return socket.Reader.TryRun(WaitReadable.Instance, owner, out code);
        }

        code = 0; // before the deadline is looked at, and without a system call: Go's order of checks
        return true;
    }

    public ValueTask<int> Ended(int code, CancellationToken cancellationToken) => code switch
    {
        >= 0 => new ValueTask<int>(code),
        Outcome.Canceled => ValueTask.FromCanceled<int>(cancellationToken),
        _ => ValueTask.FromException<int>(owner.CreateError("read", code)),
    };

    public ValueTask<int> Parked(SocketFd socket) => new(socket.Reader, socket.Reader.Version);
}
