using HotLoop.Naming;
using HotLoop.Native;

namespace HotLoop.Sockets.Operations;

/// <summary>
/// Receives datagrams with their senders. The sender's address is made again only when it differs from the last one's: a flow from one
/// peer allocates nothing.
/// </summary>
/// <param name="network">Of the socket.</param>
/// <param name="owner">The connection: kept from the garbage collector while the operation waits.</param>
internal sealed class ReceiveFrom(Network network, IErrorSource owner) : ResultOperation<PacketResult>
{
    private readonly byte[] _address = new byte[Kernel.AddressSizeMax];
    private readonly byte[] _lastAddress = new byte[Kernel.AddressSizeMax];
    private int _length;
    private int _lastLength;
    private NetAddress? _last;
    private Memory<byte> _buffer;
    private bool _throws;

    /// <summary>Before each operation. Throws: an error is thrown to the awaiter, not returned.</summary>
    internal void Prepare(Memory<byte> buffer, bool throws)
    {
        _buffer = buffer;
        _throws = throws;
    }

    internal override int Try(SocketFd fd) =>
        fd.Poll.TryReceiveFrom(_buffer.Span, _address, out _length);

    internal override void Clear() => _buffer = default;

    public override PacketResult ToResult(int code)
    {
        return code >= 0 ? new PacketResult(code, Sender(), null) : new PacketResult(0, null, owner.CreateError("read", code));
    }

    public override PacketResult GetResult(short token)
    {
        bool throws = _throws;
        PacketResult result = Take(token);
        return throws && result.Error is { } error ? throw error : result;
    }

    private NetAddress? Sender()
    {
        if (_length == 0)
        {
            return null;
        }

        ReadOnlySpan<byte> address = _address.AsSpan(0, _length);
        if (!address.SequenceEqual(_lastAddress.AsSpan(0, _lastLength)))
        {
            address.CopyTo(_lastAddress);
            _lastLength = _length;
            _last = Decode(address);
        }

        return _last;
    }

    private NetAddress Decode(ReadOnlySpan<byte> address) => network.IsUnix
        ? new NetAddress(network.Plain, Kernel.Current.DecodeUnix(address))
        : Endpoint.ToNetAddress(network.Plain, Kernel.Current.Decode(address));
}
