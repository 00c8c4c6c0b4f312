using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>struct rlimit (getrlimit(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct rlimit
{
    internal ulong rlim_cur;
    internal ulong rlim_max;
}
