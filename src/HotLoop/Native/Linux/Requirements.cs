using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <summary>What must be there for anything to work: found out by using it. Each is told in a sentence that says what to do.</summary>
internal static unsafe class Requirements
{
    private const string Package = "Tmds.LibC";

    private static string PackageObstacle =>
        $"{Package}.dll is missing, or is not one for this processor: publish the program again for it (dotnet publish -r {RuntimeInformation.RuntimeIdentifier})";

    internal static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            return $"HotLoop runs on Linux on x64 and arm64, and has no backend for {RuntimeInformation.RuntimeIdentifier} yet: run it there, for example in a container";
        }

        try
        {
            return Try();
        }
        catch (Exception e) when (Explain(e) is not null)
        {
            return Explain(e);
        }
    }

    /// <summary>The sentence for what the runtime says of a library; null of anything else.</summary>
    internal static string? Explain(Exception exception) => exception switch
    {
        DllNotFoundException => "the C library is missing: neither glibc's libc.so.6 nor musl's could be loaded; install one of them, or run on an image that has it",
        EntryPointNotFoundException => $"the C library is too old: {exception.Message.TrimEnd('.')}; glibc 2.17 or musl 1.2 is needed, install a newer system",
        FileNotFoundException { FileName: { } name } when IsPackage(name) => PackageObstacle,
        FileLoadException { FileName: { } name } when IsPackage(name) => PackageObstacle,
        BadImageFormatException { FileName: { } name } when IsPackage(name) => PackageObstacle,
        _ => null,
    };

    /// <summary>The sentence for -errno of epoll_create1(2); null when that may have passed by the time a loop starts.</summary>
    internal static string? Explain(int code) => code is -Errno.ENOSYS or -Errno.EPERM
        ? $"epoll: {Errno.Name(-code)}: the kernel is too old, or a seccomp filter forbids it; run Linux 3.9 or later, and allow epoll_create1, epoll_ctl, epoll_wait and eventfd2"
        : null;

    // By its full name, or by its path.
    private static bool IsPackage(string name) => name.StartsWith(Package, StringComparison.Ordinal) || name.EndsWith(Package + ".dll", StringComparison.Ordinal);

    // Apart, because a method that names the package cannot even be compiled without it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Try()
    {
        // The kernel packs this one on x64 only, so the two assemblies of the package differ in it.
        if (sizeof(epoll_event) != (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16))
        {
            return PackageObstacle;
        }

        int epoll = Syscall.EpollCreate();
        if (epoll < 0)
        {
            return Explain(epoll);
        }

        _ = Syscall.Close(epoll);
        int wake = Syscall.EventFd();
        if (wake < 0)
        {
            return Explain(wake);
        }

        _ = Syscall.Close(wake);
        return null;
    }
}
