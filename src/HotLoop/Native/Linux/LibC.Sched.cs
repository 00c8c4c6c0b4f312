using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>sched_setaffinity(2).</summary>
internal static unsafe partial class LibC
{
    [LibraryImport(Library)]
    internal static partial int sched_setaffinity(int pid, nuint size, void* mask);

    [LibraryImport(Library)]
    internal static partial int sched_getaffinity(int pid, nuint size, void* mask);
}
