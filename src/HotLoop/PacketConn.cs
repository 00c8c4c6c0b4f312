using System.Net.Sockets;
using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Packets;
using HotLoop.Sockets.Operations;
using Microsoft.Win32.SafeHandles;

namespace HotLoop;

/// <summary>
/// A datagram socket, UDP or Unix: Go's <c>net.UDPConn</c> and datagram <c>net.UnixConn</c>. It lives on one loop for its whole life.
/// </summary>
/// <remarks>
/// The rules of <see cref="Conn"/> hold: any thread, one read and one write at a time in order of arrival, deadlines that are moments,
/// Close. Each read takes one datagram; what does not fit the buffer is lost. 0 bytes are an empty datagram: there is no end of a stream.
/// A write may wait for a full send buffer; on a Unix socket without a fixed peer that includes a receiver's full queue, of whose draining
/// the kernel does not tell: set a deadline there. A socket with a fixed peer comes from <see cref="Dialer.DialPacketAsync(string, string, CancellationToken)"/>, one without from <see cref="ListenConfig.ListenPacket(string, string)"/>.
/// </remarks>
public sealed class PacketConn : IDisposable
{
    private readonly Conn _conn;
    private readonly SocketFamily _family;
    private readonly ReceiveFrom _receive;
    private readonly SendTo _send;

    internal PacketConn(Conn conn)
    {
        _conn = conn;
        _receive = new ReceiveFrom(conn.Network, conn);
        _family = conn.Handle.Family();
        _send = new SendTo(conn.Network, conn.LocalAddress, _family, conn);
    }

    /// <summary>The loop it lives on.</summary>
    public Loop Loop => _conn.Loop;

    /// <summary>This end. Known after Close too. Go: LocalAddr.</summary>
    public NetAddress LocalAddress => _conn.LocalAddress;

    /// <summary>The fixed peer, or null. Known after Close too. Go: RemoteAddr.</summary>
    public NetAddress? RemoteAddress => _conn.Peer;

    /// <summary>Receives one datagram. Go: ReadFrom.</summary>
    /// <param name="buffer">Receives the bytes; an empty one takes a datagram too, and loses it.</param>
    /// <exception cref="OpError">Deadline, Close, or what the kernel says of an earlier datagram (refused).</exception>
    public ValueTask<PacketResult> ReadFromAsync(Memory<byte> buffer) => ReceiveFrom(buffer, throws: true);

    /// <summary>As <see cref="ReadFromAsync"/>, with the error as a value. Go: ReadFrom.</summary>
    public ValueTask<PacketResult> TryReadFromAsync(Memory<byte> buffer) => ReceiveFrom(buffer, throws: false);

    /// <summary>Receives one datagram of the fixed peer, or of anybody. An empty buffer completes at once with 0. Go: Read.</summary>
    /// <returns>Bytes received.</returns>
    /// <exception cref="OpError">As <see cref="ReadFromAsync"/>.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer) => _conn.ReadAsync(buffer);

    /// <summary>As <see cref="ReadAsync"/>, with the error as a value. Go: Read.</summary>
    public ValueTask<IoResult> TryReadAsync(Memory<byte> buffer) => _conn.TryReadAsync(buffer);

    /// <summary>Sends one datagram. Go: WriteTo.</summary>
    /// <param name="buffer">All of it is sent, or nothing.</param>
    /// <param name="to">Of the same network.</param>
    /// <exception cref="OpError">
    /// The socket has a fixed peer; the address is of another family; deadline, Close; or the kernel refused.
    /// </exception>
    public ValueTask WriteToAsync(ReadOnlyMemory<byte> buffer, NetAddress to)
    {
        ArgumentNullException.ThrowIfNull(to);
        return Complaint(to) is { } complaint
            ? ValueTask.FromException(Refusal(to, complaint))
            : _conn.Handle.Start<SendToCall, ValueTask>(new SendToCall(_send, buffer, to));
    }

    /// <summary>As <see cref="WriteToAsync"/>, with the error as a value. Go: WriteTo.</summary>
    public ValueTask<IoResult> TryWriteToAsync(ReadOnlyMemory<byte> buffer, NetAddress to)
    {
        ArgumentNullException.ThrowIfNull(to);
        return Complaint(to) is { } complaint
            ? new ValueTask<IoResult>(new IoResult(0, Refusal(to, complaint)))
            : _conn.Handle.Start<TrySendToCall, ValueTask<IoResult>>(new TrySendToCall(_send, buffer, to));
    }

    /// <summary>Sends one datagram to the fixed peer. Go: Write.</summary>
    /// <exception cref="OpError">There is none; deadline, Close; or the kernel refused, also for an earlier datagram.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer) => _conn.WriteAsync(buffer);

    /// <summary>As <see cref="WriteAsync"/>, with the error as a value. Go: Write.</summary>
    public ValueTask<IoResult> TryWriteAsync(ReadOnlyMemory<byte> buffer) => _conn.TryWriteAsync(buffer);

    /// <summary>Sets the deadline of reads and writes. Go: SetDeadline.</summary>
    /// <exception cref="OpError">The socket is closed.</exception>
    public void SetDeadline(Deadline deadline) => _conn.SetDeadline(deadline);

    /// <summary>Sets the deadline of reads. Go: SetReadDeadline.</summary>
    /// <exception cref="OpError">The socket is closed.</exception>
    public void SetReadDeadline(Deadline deadline) => _conn.SetReadDeadline(deadline);

    /// <summary>Sets the deadline of writes. Go: SetWriteDeadline.</summary>
    /// <exception cref="OpError">The socket is closed.</exception>
    public void SetWriteDeadline(Deadline deadline) => _conn.SetWriteDeadline(deadline);

    /// <summary>Size in bytes asked for the kernel's receive buffer (Linux doubles it). Go: SetReadBuffer.</summary>
    /// <exception cref="OpError">The socket is closed, or the kernel refused.</exception>
    public void SetReadBuffer(int bytes) => _conn.SetReadBuffer(bytes);

    /// <summary>Size in bytes asked for the kernel's send buffer (Linux doubles it). Go: SetWriteBuffer.</summary>
    /// <exception cref="OpError">The socket is closed, or the kernel refused.</exception>
    public void SetWriteBuffer(int bytes) => _conn.SetWriteBuffer(bytes);

    /// <summary>The raw descriptor. Go: SyscallConn.</summary>
    public RawConn SyscallConn() => _conn.SyscallConn();

    /// <summary>Another descriptor of the same socket, owned by the caller. Go: File.</summary>
    /// <exception cref="OpError">The socket is closed, or no descriptor is free.</exception>
    public SafeFileHandle DuplicateHandle() => _conn.DuplicateHandle();

    /// <summary>
    /// Closes the socket: what waits ends with kind <see cref="OpErrorKind.Closed"/>. The file of a Unix socket stays, as in Go. Go: Close.
    /// </summary>
    /// <exception cref="OpError">It was closed before.</exception>
    public void Close() => _conn.Close();

    /// <summary>As <see cref="Close"/>; does nothing when closed before. Go: Close, its error ignored.</summary>
    public void Dispose() => _conn.Dispose();

    private ValueTask<PacketResult> ReceiveFrom(Memory<byte> buffer, bool throws) =>
        _conn.Handle.Start<ReceiveFromCall, ValueTask<PacketResult>>(new ReceiveFromCall(_conn, _receive, buffer, throws));

    private OpError Refusal(NetAddress to, string complaint) =>
        OpError.FromText("write", _conn.Network.Name, LocalAddress, to, OpErrorKind.Address, complaint);

    private string? Complaint(NetAddress to)
    {
        if (_conn.Peer is not null)
        {
            return "use of WriteTo with pre-connected connection";
        }

        if (Network.Find(to.Network)?.Plain != _conn.Network.Plain)
        {
            bool isUnixBoth = to.Path is not null && _conn.Network.IsUnix;
            return Errno.Text(isUnixBoth ? Errno.EAFNOSUPPORT : Errno.EINVAL); // as Go
        }

        bool isIPv6 = to.Ip is { AddressFamily: AddressFamily.InterNetworkV6 };
        return _family == SocketFamily.IPv4 && isIPv6 ? $"address {IpLiteral.Format(to.Ip!)}: non-IPv4 address" : null;
    }
}
