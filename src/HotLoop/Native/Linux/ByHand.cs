using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>
/// What is declared by hand, under libc's own names: what the package Tmds.LibC lacks, and the calls of every message and every turn of a loop, which cost too
/// much through it. Its imports save errno on every call and cannot be inlined; these do neither, and errno is read straight after a call that failed: the
/// runtime preserves it on the way back from native code.
/// </summary>
internal static unsafe partial class ByHand
{
    // dlopen("libc") is mapped by the runtime to the platform's C library on glibc, musl and macOS.
    private const string Library = "libc";

    /// <summary>Of the last call through this class on this thread.</summary>
    internal static int errno => Marshal.GetLastSystemError();
}
