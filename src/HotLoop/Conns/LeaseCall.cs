using HotLoop.Buffers;
using HotLoop.Sockets;

namespace HotLoop.Conns;

/// <summary>A read into a block of the loop's pool.</summary>
/// <param name="owner">The connection: kept from the garbage collector while the call waits.</param>
/// <param name="throws">An error is thrown, not put into the lease.</param>
internal struct LeaseCall(IErrorSource owner, bool throws) : IResultCall<ReadLease>
{
    private readonly IErrorSource _owner = owner;
    private Block? _block;

    public readonly Direction Direction => Direction.Read;

    public bool TryStart(SocketFd socket, out int code) => socket.Reader.TryLease(_owner, throws, out code, out _block);

    public readonly ValueTask<ReadLease> Ended(int code, CancellationToken cancellationToken)
    {
        if (code >= 0)
        {
            return new ValueTask<ReadLease>(new ReadLease(_block, code));
        }

        OpError error = _owner.CreateError("read", code);
        return throws ? ValueTask.FromException<ReadLease>(error) : new ValueTask<ReadLease>(new ReadLease(error));
    }

    public readonly ValueTask<ReadLease> Parked(SocketFd socket) => new(socket.Reader, socket.Reader.Version);
}
