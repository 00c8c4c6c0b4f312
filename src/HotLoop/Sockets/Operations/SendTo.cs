using HotLoop.Naming;
using HotLoop.Native;

namespace HotLoop.Sockets.Operations;

/// <summary>Sends one datagram to an address, which its errors name.</summary>
/// <param name="network">Of the socket.</param>
/// <param name="local">Where it is bound.</param>
/// <param name="family">Of its addresses.</param>
/// <param name="owner">The connection: kept from the garbage collector while the operation waits.</param>
internal sealed class SendTo(Network network, NetAddress local, SocketFamily family, IErrorSource owner) : SocketOperation, IErrorSource
{
    private readonly byte[] _address = new byte[Kernel.AddressSizeMax];
    private readonly IErrorSource _owner = owner;
    private int _length;
    private NetAddress? _to;
    private ReadOnlyMemory<byte> _buffer;

    /// <summary>Before each operation, under the write lock. 0, or -errno: no such address on this socket.</summary>
    internal int Prepare(ReadOnlyMemory<byte> buffer, NetAddress to)
    {
        _length = Endpoint.Of(to).Encode(family, _address);
        if (_length < 0)
        {
            return _length;
        }

        _buffer = buffer;
        _to = to;
        return 0;
    }

    internal override int Try(SocketFd fd) => fd.Poll.TrySendTo(_buffer.Span, _address.AsSpan(0, _length));

    internal override void Clear() => _buffer = default;

    internal OpError CreateError(NetAddress to, int code) => OpError.FromCode("write", network.Name, local, to, code, "sendto");

    // While the lock is held: the next operation has another address.
    OpError IErrorSource.CreateError(string operation, int code) => CreateError(_to!, code);
}
