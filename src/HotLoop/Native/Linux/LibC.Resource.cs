using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>getrlimit(2).</summary>
internal static unsafe partial class LibC
{
    internal const int RLIMIT_NOFILE = 7;

    [LibraryImport(Library)]
    internal static partial int getrlimit(int resource, void* limit);
}
