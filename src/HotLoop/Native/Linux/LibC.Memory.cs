using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>mmap(2), madvise(2).</summary>
internal static unsafe partial class LibC
{
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 1;
    internal const int MAP_PRIVATE = 2;
    internal const int MAP_ANONYMOUS = 0x20;
    internal const int MAP_POPULATE = 0x8000;
    internal const int MADV_DONTFORK = 10;

    [LibraryImport(Library)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport(Library)]
    internal static partial int munmap(void* address, nuint length);

    [LibraryImport(Library)]
    internal static partial int madvise(void* address, nuint length, int advice);
}
