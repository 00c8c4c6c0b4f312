namespace HotLoop.Sockets;

/// <summary>Sends one datagram to an address.</summary>
internal sealed class SendTo : SocketOperation
{
    private readonly byte[] _address = new byte[128];
    private int _length;
    private ReadOnlyMemory<byte> _buffer;

    /// <summary>Before each operation. 0, or -errno: no such address on this socket.</summary>
    internal int Prepare(ReadOnlyMemory<byte> buffer, in Endpoint to, int family)
    {
        _buffer = buffer;
        _length = to.Encode(family, _address);
        return Math.Min(_length, 0);
    }

    internal override int Try(SocketFd fd)
    {
        int n = fd.Table.Poller.TrySendTo(fd.Target, _buffer.Span, _address.AsSpan(0, _length));
        if (n >= 0)
        {
            _buffer = default;
        }

        return n;
    }
}
