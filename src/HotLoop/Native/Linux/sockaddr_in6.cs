using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>struct sockaddr_in6 (ipv6(7)); port and address in network byte order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sockaddr_in6
{
    internal ushort sin6_family;
    internal ushort sin6_port;
    internal uint sin6_flowinfo;
    internal fixed byte sin6_addr[16];
    internal uint sin6_scope_id;
}
