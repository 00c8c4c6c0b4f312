using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>pipe(2), splice(2).</summary>
internal static unsafe partial class LibC
{
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;

    internal const uint SPLICE_F_MOVE = 1;
    internal const uint SPLICE_F_NONBLOCK = 2;

    [LibraryImport(Library)]
    internal static partial int pipe2(int* fds, int flags);

    [LibraryImport(Library)]
    internal static partial nint splice(int fdIn, long* offsetIn, int fdOut, long* offsetOut, nuint length, uint flags);
}
