using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>
/// struct epoll_event. The kernel packs it on x86-64 only (12 bytes, data at 4); elsewhere data is naturally
/// aligned (16 bytes, data at 8). One C# struct cannot be both, so it is read and written by offset.
/// </summary>
internal static unsafe class epoll_event
{
    internal static readonly int Size = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    internal static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Events(byte* e) => Unsafe.ReadUnaligned<uint>(e);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Data(byte* e) => Unsafe.ReadUnaligned<ulong>(e + DataOffset);

    internal static void Set(byte* e, uint events, ulong data)
    {
        Unsafe.WriteUnaligned(e, events);
        Unsafe.WriteUnaligned(e + DataOffset, data);
    }
}
