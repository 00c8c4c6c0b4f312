using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>struct linger (socket(7)); <c>l_linger</c> in seconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct linger
{
    internal int l_onoff;
    internal int l_linger;
}
