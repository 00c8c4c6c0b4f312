using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <content>if_nametoindex(3) and if_indextoname(3), which the package lacks.</content>
internal static unsafe partial class ByHand
{
    internal const int IF_NAMESIZE = 16;

    [LibraryImport(Library)]
    internal static partial uint if_nametoindex(byte* name);

    [LibraryImport(Library)]
    internal static partial byte* if_indextoname(uint index, byte* name);
}
