using System.Net.Sockets;
using System.Text;
using HotLoop.Parking;
using HotLoop.Sockets;

namespace HotLoop;

/// <summary>
/// A network operation failed: Go's <c>net.OpError</c>, with its fields and its text
/// (<c>read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer</c>).
/// </summary>
/// <remarks>
/// As an exception it is an <see cref="IOException"/> around a <see cref="SocketException"/>, so that code which catches those keeps
/// working; only a <see cref="SocketControl"/> hook can put another exception inside. The <c>Try…</c> methods return it without throwing.
/// </remarks>
public sealed class OpError : IOException
{
    private OpError(
        string operation,
        string? network,
        NetAddress? source,
        NetAddress? address,
        OpErrorKind kind,
        string cause,
        int errno,
        string? call,
        Exception? inner = null)
        : base(
            Format(operation, network, source, address, cause),
            inner ?? new SocketException((int)SocketErrors.FromErrno(kind, errno), cause))
    {
        Op = operation;
        Net = network ?? "";
        Source = source;
        Addr = address;
        Kind = kind;
        Errno = errno;
        SystemCall = call;
        Cause = cause;
    }

    /// <summary>
    /// What was tried: "dial", "listen", "accept", "read", "write", "writev", "readfrom", "close", "set", "file", "raw-control", "raw-read",
    /// "raw-write". Go: Op.
    /// </summary>
    public string Op { get; }

    /// <summary>The network as the caller named it: "tcp", "tcp4", "udp", "unix" and so on. Go: Net.</summary>
    public string Net { get; }

    /// <summary>The local address, where one is part of the operation. Go: Source.</summary>
    public new NetAddress? Source { get; }

    /// <summary>The address the operation was about: remote for connections, own for listeners. Go: Addr.</summary>
    public NetAddress? Addr { get; }

    /// <summary>What stands inside. Go: Err, as errors.Is sees it.</summary>
    public OpErrorKind Kind { get; }

    /// <summary>The kernel's error number on Linux (errno(3)); 0 when it was not the kernel that refused. Go: syscall.Errno.</summary>
    public int Errno { get; }

    /// <summary>The system call that failed: "connect", "read"; null when none did. Go: os.SyscallError.</summary>
    public string? SystemCall { get; }

    /// <summary>The inner <see cref="SocketException"/>'s code.</summary>
    public SocketError SocketErrorCode => (InnerException as SocketException)?.SocketErrorCode ?? SocketError.SocketError;

    /// <summary>The text of what stands inside.</summary>
    private string Cause { get; }

    /// <summary>Go's <c>Timeout()</c>: a deadline passed, or the kernel gave up waiting (ETIMEDOUT, EAGAIN).</summary>
    public bool Timeout =>
        Kind == OpErrorKind.DeadlineExceeded || Errno is Native.Errno.ETIMEDOUT or Native.Errno.EAGAIN;

    /// <summary>Go's <c>Temporary()</c>: trying again later may succeed (timeouts, EMFILE, ENFILE, EINTR).</summary>
    public bool Temporary => Timeout || Errno is Native.Errno.EMFILE or Native.Errno.ENFILE or Native.Errno.EINTR;

    /// <summary>The peer, or the way to it, is to blame: reset, gone, silent for too long, or not there any more.</summary>
    internal bool IsLossOfPeer => Kind == OpErrorKind.DeadlineExceeded || Errno
        is Native.Errno.EPIPE or Native.Errno.ECONNRESET or Native.Errno.ECONNABORTED or Native.Errno.ENOTCONN or Native.Errno.ETIMEDOUT
        or Native.Errno.EHOSTUNREACH or Native.Errno.EHOSTDOWN or Native.Errno.ENETUNREACH or Native.Errno.ENETDOWN or Native.Errno.ENETRESET;

    /// <summary>An outcome of the engine, or -errno of <paramref name="call"/>.</summary>
    internal static OpError FromCode(
        string operation, string network, NetAddress? source, NetAddress? address, int code, string call) => code switch
        {
            Outcome.DeadlineExceeded => new(
                operation, network, source, address, OpErrorKind.DeadlineExceeded, "i/o timeout", 0, null),
            Outcome.Closed => new(
                operation, network, source, address, OpErrorKind.Closed, "use of closed network connection", 0, null),
            Outcome.Canceled => new(
                operation, network, source, address, OpErrorKind.Canceled, "operation was canceled", 0, null),
            _ => new(
                operation, network, source, address, OpErrorKind.SystemCall, $"{call}: {Native.Errno.Text(-code)}", -code, call),
        };

    /// <summary>An error that the kernel has nothing to do with.</summary>
    internal static OpError FromText(
        string operation, string network, NetAddress? source, NetAddress? address, OpErrorKind kind, string cause) =>
        new(operation, network, source, address, kind, cause, 0, null);

    /// <summary>A hook of the caller threw <paramref name="fault"/>.</summary>
    internal static OpError FromControl(string operation, string network, NetAddress? source, NetAddress? address, Exception fault) =>
        new(operation, network, source, address, OpErrorKind.Control, fault.Message, 0, null, fault);

    /// <summary>The same failure, as part of another operation.</summary>
    internal OpError During(string operation, string network, NetAddress? source, NetAddress? address) =>
        new(operation, network, source, address, Kind, Cause, Errno, SystemCall);

    private static string Format(string operation, string? network, NetAddress? source, NetAddress? address, string cause)
    {
        StringBuilder text = new(operation);
        if (!string.IsNullOrEmpty(network))
        {
            text.Append(' ').Append(network);
        }

        if (source is not null)
        {
            text.Append(' ').Append(source);
        }

        if (address is not null)
        {
            text.Append(source is null ? " " : "->").Append(address);
        }

        return text.Append(": ").Append(cause).ToString();
    }
}
