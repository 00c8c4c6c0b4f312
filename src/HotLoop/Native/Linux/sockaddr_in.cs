using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>struct sockaddr_in (ip(7)); port and address in network byte order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sockaddr_in
{
    internal ushort sin_family;
    internal ushort sin_port;
    internal uint sin_addr;
    internal fixed byte sin_zero[8];
}
