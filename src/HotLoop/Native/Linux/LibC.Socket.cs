using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>socket(7), ip(7), tcp(7): signatures and constants, under libc's own names.</summary>
internal static unsafe partial class LibC
{
    // dlopen("libc") is mapped by the runtime to the platform's C library on glibc, musl and macOS.
    private const string Library = "libc";

    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;

    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_SEQPACKET = 5;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOCK_CLOEXEC = 0x80000;

    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_TYPE = 3;
    internal const int SO_ERROR = 4;
    internal const int SO_BROADCAST = 6;
    internal const int SO_SNDBUF = 7;
    internal const int SO_RCVBUF = 8;
    internal const int SO_KEEPALIVE = 9;
    internal const int SO_LINGER = 13;
    internal const int SO_REUSEPORT = 15;
    internal const int SO_ACCEPTCONN = 30;
    internal const int SO_DOMAIN = 39;

    internal const int IPPROTO_TCP = 6;
    internal const int TCP_NODELAY = 1;
    internal const int TCP_KEEPIDLE = 4;
    internal const int TCP_KEEPINTVL = 5;
    internal const int TCP_KEEPCNT = 6;

    internal const int IPPROTO_IPV6 = 41;
    internal const int IPV6_V6ONLY = 26;

    internal const int SHUT_RD = 0;
    internal const int SHUT_WR = 1;

    internal const int MSG_PEEK = 2;
    internal const int MSG_NOSIGNAL = 0x4000;

    [LibraryImport(Library)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Library)]
    internal static partial int socketpair(int domain, int type, int protocol, int* fds);

    [LibraryImport(Library)]
    internal static partial int bind(int fd, void* address, uint length);

    [LibraryImport(Library)]
    internal static partial int listen(int fd, int backlog);

    [LibraryImport(Library)]
    internal static partial int connect(int fd, void* address, uint length);

    [LibraryImport(Library)]
    internal static partial int accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport(Library)]
    internal static partial int shutdown(int fd, int how);

    [LibraryImport(Library)]
    internal static partial int close(int fd);

    [LibraryImport(Library)]
    internal static partial int getsockopt(int fd, int level, int name, void* value, uint* length);

    [LibraryImport(Library)]
    internal static partial int setsockopt(int fd, int level, int name, void* value, uint length);

    [LibraryImport(Library)]
    internal static partial int getsockname(int fd, void* address, uint* length);

    [LibraryImport(Library)]
    internal static partial int getpeername(int fd, void* address, uint* length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unlink(string path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint if_nametoindex(string name);

    [LibraryImport(Library)]
    internal static partial byte* if_indextoname(uint index, byte* name);
}
