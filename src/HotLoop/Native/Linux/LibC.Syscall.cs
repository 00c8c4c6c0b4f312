using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>
/// syscall(2), for the calls that every message makes, and for those that libc declares variadic. In a process with threads, libc's recv and send are cancellation points and
/// spend 1.3 % of an echo server's CPU on saying so; the bare call does not.
/// <para>
/// syscall(2) is declared variadic in C. On Linux x64 and arm64 a variadic function takes integer arguments in the same registers as any other,
/// which is why it may be called with a fixed signature here, and must not be on other systems.
/// </para>
/// </summary>
internal static unsafe partial class LibC
{
    internal const int SYS_sendto_x64 = 44;
    internal const int SYS_recvfrom_x64 = 45;
    internal const int SYS_sendmsg_x64 = 46;
    internal const int SYS_fcntl_x64 = 72;
    internal const int SYS_fcntl_arm64 = 25;
    internal const int SYS_sendto_arm64 = 206;
    internal const int SYS_recvfrom_arm64 = 207;
    internal const int SYS_sendmsg_arm64 = 211;

    internal static readonly nint SYS_sendto = IsX64 ? SYS_sendto_x64 : SYS_sendto_arm64;
    internal static readonly nint SYS_recvfrom = IsX64 ? SYS_recvfrom_x64 : SYS_recvfrom_arm64;
    internal static readonly nint SYS_sendmsg = IsX64 ? SYS_sendmsg_x64 : SYS_sendmsg_arm64;
    internal static readonly nint SYS_fcntl = IsX64 ? SYS_fcntl_x64 : SYS_fcntl_arm64;

    // fcntl(2)
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int F_SETPIPE_SZ = 1031;

    private static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    [LibraryImport(Library)]
    internal static partial nint syscall(nint number, nint fd, void* buffer, nuint length, nint flags, void* address, nuint addressLength);
}
