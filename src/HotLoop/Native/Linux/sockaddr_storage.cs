using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>struct sockaddr_storage: room for any address the kernel may write.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct sockaddr_storage
{
    internal ushort ss_family;
    private fixed byte _padding[126];
}
