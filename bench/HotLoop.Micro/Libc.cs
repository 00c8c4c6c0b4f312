using System.Runtime.InteropServices;

namespace HotLoop.Micro;

/// <summary>
/// libc as the library declares it where it does so by hand: blittable, and without SetLastError. Beside it in <see cref="NativeCalls"/> stands the
/// same call of the package.
/// </summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    [LibraryImport(Library)]
    internal static partial nint syscall(nint number, nint fd, void* buffer, nuint length, nint flags, void* address, nuint addressLength);

    [LibraryImport(Library)]
    internal static partial int accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport(Library)]
    internal static partial int epoll_wait(int epfd, void* events, int maxEvents, int timeoutMilliseconds);

    [LibraryImport(Library)]
    internal static partial int epoll_ctl(int epfd, int op, int fd, void* @event);

    [LibraryImport(Library)]
    internal static partial int close(int fd);

    [LibraryImport(Library)]
    internal static partial int setsockopt(int fd, int level, int name, void* value, uint length);

    [LibraryImport(Library)]
    internal static partial nint write(int fd, void* buffer, nuint length);
}
