using System.Net.Sockets;

namespace HotLoop.Load;

/// <summary>Short names for what goes wrong, by which it is counted.</summary>
internal static class ErrorKind
{
    internal const string Closed = "closed by the server";

    internal static string Of(OpError error) => error switch
    {
        { Op: "dial", Timeout: true } => "connect timeout",
        { Timeout: true } => "timeout",
        { Kind: OpErrorKind.Lookup } => "unknown host",
        { Kind: not OpErrorKind.SystemCall } => error.Kind.ToString(),
        { SocketErrorCode: SocketError.ConnectionRefused } => "refused",
        { SocketErrorCode: SocketError.ConnectionReset } => "reset",
        { SocketErrorCode: SocketError.TooManyOpenSockets } => "no descriptors",
        _ => error.SocketErrorCode.ToString(),
    };
}
