using HotLoop.Naming;
using HotLoop.Native;

namespace HotLoop.Sockets.Operations;

/// <summary>
/// Receives datagrams with their senders. The sender's address is made again only when it differs from the last one's: a flow from one
/// peer allocates nothing.
/// </summary>
internal sealed class ReceiveFrom(Network network) : SocketOperation
{
    private readonly byte[] _address = new byte[Kernel.AddressSizeMax];
    private readonly byte[] _lastAddress = new byte[Kernel.AddressSizeMax];
    private int _length;
    private int _lastLength;
    private NetAddress? _last;
    private Memory<byte> _buffer;
    private IErrorSource? _owner;

    /// <summary>An error is thrown to who waits, not returned.</summary>
    internal bool Throws { get; private set; }

    /// <summary>Before each operation.</summary>
    internal void Prepare(Memory<byte> buffer, bool throws, IErrorSource owner)
    {
        _buffer = buffer;
        Throws = throws;
        _owner = owner;
    }

    internal override int Try(SocketFd fd) =>
        fd.Table.Poller.TryReceiveFrom(fd.Target, _buffer.Span, _address, out _length);

    /// <summary>After each operation.</summary>
    internal PacketResult ToResult(int code)
    {
        IErrorSource owner = _owner!;
        _buffer = default;
        _owner = null;
        return code >= 0 ? new PacketResult(code, Sender(), null) : new PacketResult(0, null, owner.CreateError("read", code));
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
