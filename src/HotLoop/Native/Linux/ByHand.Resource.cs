using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <content>getrlimit(2), which the package lacks.</content>
internal static unsafe partial class ByHand
{
    internal const int RLIMIT_NOFILE = 7;

    [LibraryImport(Library)]
    internal static partial int getrlimit(int resource, rlimit* limit);
}
