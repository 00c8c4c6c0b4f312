using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <content>
/// syscall(2), for the calls that every message makes. In a process with threads, libc's recv and send are cancellation points and
/// spend 1.3 % of an echo server's CPU on saying so; the bare call does not.
/// <para>
/// syscall(2) is declared variadic in C. On Linux x64 and arm64 a variadic function takes integer arguments in the same registers as any other,
/// which is why it may be called with a fixed signature here, and must not be on other systems.
/// </para>
/// <para>
/// Nanoseconds a call, by hand and through the package (<c>make micro FILTER=native-calls</c>, medians): receive with nothing there 458 and 486, send without room
/// 538 and 580, recvfrom 422 and 443, sendto 468 and 494, io_uring_enter with nothing to do 285 and 303. Each of these is made for every message, or turn of a loop.
/// </para>
/// </content>
internal static unsafe partial class ByHand
{
    internal const int SYS_sendto_x64 = 44;
    internal const int SYS_recvfrom_x64 = 45;
    internal const int SYS_sendmsg_x64 = 46;
    internal const int SYS_sendto_arm64 = 206;
    internal const int SYS_recvfrom_arm64 = 207;
    internal const int SYS_sendmsg_arm64 = 211;

    internal static readonly nint SYS_sendto = IsX64 ? SYS_sendto_x64 : SYS_sendto_arm64;
    internal static readonly nint SYS_recvfrom = IsX64 ? SYS_recvfrom_x64 : SYS_recvfrom_arm64;
    internal static readonly nint SYS_sendmsg = IsX64 ? SYS_sendmsg_x64 : SYS_sendmsg_arm64;

    private static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    [LibraryImport(Library)]
    internal static partial nint syscall(nint number, nint first, void* second, nint third, nint fourth, void* fifth, nint sixth);
}
