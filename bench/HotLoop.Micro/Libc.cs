using System.Runtime.InteropServices;

namespace HotLoop.Micro;

/// <summary>
/// Calls that the library leaves to the package, declared as it declares others by hand: to see in <see cref="NativeCalls"/> what that costs.
/// </summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    [LibraryImport(Library)]
    internal static partial int accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport(Library)]
    internal static partial int epoll_ctl(int epfd, int op, int fd, void* @event);

    [LibraryImport(Library)]
    internal static partial int close(int fd);

    [LibraryImport(Library)]
    internal static partial int setsockopt(int fd, int level, int name, void* value, uint length);
}
