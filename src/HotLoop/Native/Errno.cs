using System.Runtime.InteropServices;

namespace HotLoop.Native;

/// <summary>
/// errno(3): Linux numbers, and the texts Go prints for them. Every layer above uses these numbers; a backend of another
/// system translates its own into them.
/// </summary>
internal static class Errno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int EIO = 5;
    internal const int EBADF = 9;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int EFAULT = 14;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int ENOTDIR = 20;
    internal const int EINVAL = 22;
    internal const int ENFILE = 23;
    internal const int EMFILE = 24;
    internal const int ENOSPC = 28;
    internal const int EROFS = 30;
    internal const int EPIPE = 32;
    internal const int ENAMETOOLONG = 36;
    internal const int ENOSYS = 38;
    internal const int ELOOP = 40;
    internal const int ETIME = 62;
    internal const int ENOTSOCK = 88;
    internal const int EDESTADDRREQ = 89;
    internal const int EMSGSIZE = 90;
    internal const int EPROTOTYPE = 91;
    internal const int ENOPROTOOPT = 92;
    internal const int EPROTONOSUPPORT = 93;
    internal const int EOPNOTSUPP = 95;
    internal const int EAFNOSUPPORT = 97;
    internal const int EADDRINUSE = 98;
    internal const int EADDRNOTAVAIL = 99;
    internal const int ENETDOWN = 100;
    internal const int ENETUNREACH = 101;
    internal const int ENETRESET = 102;
    internal const int ECONNABORTED = 103;
    internal const int ECONNRESET = 104;
    internal const int ENOBUFS = 105;
    internal const int EISCONN = 106;
    internal const int ENOTCONN = 107;
    internal const int ETIMEDOUT = 110;
    internal const int ECONNREFUSED = 111;
    internal const int EHOSTDOWN = 112;
    internal const int EHOSTUNREACH = 113;
    internal const int EALREADY = 114;
    internal const int EINPROGRESS = 115;
    internal const int ECANCELED = 125;

    /// <summary>The C library's text in lower case, without an ending, as Go prints it.</summary>
    internal static string Text(int errno) => errno switch
    {
        EPERM => "operation not permitted",
        ENOENT => "no such file or directory",
        EINTR => "interrupted system call",
        EIO => "input/output error",
        EBADF => "bad file descriptor",
        EAGAIN => "resource temporarily unavailable",
        ENOMEM => "cannot allocate memory",
        EACCES => "permission denied",
        EFAULT => "bad address",
        EBUSY => "device or resource busy",
        EEXIST => "file exists",
        ENOTDIR => "not a directory",
        EINVAL => "invalid argument",
        ENFILE => "too many open files in system",
        EMFILE => "too many open files",
        ENOSPC => "no space left on device",
        EROFS => "read-only file system",
        EPIPE => "broken pipe",
        ENAMETOOLONG => "file name too long",
        ENOSYS => "function not implemented",
        ELOOP => "too many levels of symbolic links",
        ETIME => "timer expired",
        ENOTSOCK => "socket operation on non-socket",
        EDESTADDRREQ => "destination address required",
        EMSGSIZE => "message too long",
        EPROTOTYPE => "protocol wrong type for socket",
        ENOPROTOOPT => "protocol not available",
        EPROTONOSUPPORT => "protocol not supported",
        EOPNOTSUPP => "operation not supported",
        EAFNOSUPPORT => "address family not supported by protocol",
        EADDRINUSE => "address already in use",
        EADDRNOTAVAIL => "cannot assign requested address",
        ENETDOWN => "network is down",
        ENETUNREACH => "network is unreachable",
        ENETRESET => "network dropped connection on reset",
        ECONNABORTED => "software caused connection abort",
        ECONNRESET => "connection reset by peer",
        ENOBUFS => "no buffer space available",
        EISCONN => "transport endpoint is already connected",
        ENOTCONN => "transport endpoint is not connected",
        ETIMEDOUT => "connection timed out",
        ECONNREFUSED => "connection refused",
        EHOSTDOWN => "host is down",
        EHOSTUNREACH => "no route to host",
        EALREADY => "operation already in progress",
        EINPROGRESS => "operation now in progress",
        ECANCELED => "operation canceled",
        _ => OtherText(errno),
    };

    /// <summary>The symbolic name, for logs and diagnostics.</summary>
    internal static string Name(int errno) => errno switch
    {
        EPERM => nameof(EPERM),
        ENOENT => nameof(ENOENT),
        EINTR => nameof(EINTR),
        EIO => nameof(EIO),
        EBADF => nameof(EBADF),
        EAGAIN => nameof(EAGAIN),
        ENOMEM => nameof(ENOMEM),
        EACCES => nameof(EACCES),
        EFAULT => nameof(EFAULT),
        EBUSY => nameof(EBUSY),
        EEXIST => nameof(EEXIST),
        ENOTDIR => nameof(ENOTDIR),
        EINVAL => nameof(EINVAL),
        ENFILE => nameof(ENFILE),
        EMFILE => nameof(EMFILE),
        ENOSPC => nameof(ENOSPC),
        EROFS => nameof(EROFS),
        EPIPE => nameof(EPIPE),
        ENAMETOOLONG => nameof(ENAMETOOLONG),
        ENOSYS => nameof(ENOSYS),
        ELOOP => nameof(ELOOP),
        ETIME => nameof(ETIME),
        ENOTSOCK => nameof(ENOTSOCK),
        EDESTADDRREQ => nameof(EDESTADDRREQ),
        EMSGSIZE => nameof(EMSGSIZE),
        EPROTOTYPE => nameof(EPROTOTYPE),
        ENOPROTOOPT => nameof(ENOPROTOOPT),
        EPROTONOSUPPORT => nameof(EPROTONOSUPPORT),
        EOPNOTSUPP => nameof(EOPNOTSUPP),
        EAFNOSUPPORT => nameof(EAFNOSUPPORT),
        EADDRINUSE => nameof(EADDRINUSE),
        EADDRNOTAVAIL => nameof(EADDRNOTAVAIL),
        ENETDOWN => nameof(ENETDOWN),
        ENETUNREACH => nameof(ENETUNREACH),
        ENETRESET => nameof(ENETRESET),
        ECONNABORTED => nameof(ECONNABORTED),
        ECONNRESET => nameof(ECONNRESET),
        ENOBUFS => nameof(ENOBUFS),
        EISCONN => nameof(EISCONN),
        ENOTCONN => nameof(ENOTCONN),
        ETIMEDOUT => nameof(ETIMEDOUT),
        ECONNREFUSED => nameof(ECONNREFUSED),
        EHOSTDOWN => nameof(EHOSTDOWN),
        EHOSTUNREACH => nameof(EHOSTUNREACH),
        EALREADY => nameof(EALREADY),
        EINPROGRESS => nameof(EINPROGRESS),
        ECANCELED => nameof(ECANCELED),
        _ => $"errno {errno}",
    };

    // The C library's: "Protocol error", and "Unknown error 4711" for a number that it does not know.
    private static string OtherText(int errno)
    {
        string text = Marshal.GetPInvokeErrorMessage(errno);
        return text.Length < 2 || text.StartsWith("Unknown error", StringComparison.Ordinal) ? $"errno {errno}"
            : char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..]
            : text;
    }
}
