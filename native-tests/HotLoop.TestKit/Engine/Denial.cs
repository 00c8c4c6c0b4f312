using System.Runtime.InteropServices;

namespace HotLoop.TestKit.Engine;

/// <summary>What a process may not do.</summary>
/// <param name="Number">A system call that fails, as it is numbered on this processor; 0: it may lock no memory.</param>
/// <param name="Errno">How it fails.</param>
internal readonly record struct Denial(int Number, int Errno)
{
    internal const int Setup = 425; // io_uring_setup
    internal const int Enter = 426;
    internal const int Register = 427;
    internal static readonly int EpollCreate = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 291 : 20; // epoll_create1

    internal const int EPERM = 1;
    internal const int ENOSYS = 38;

    internal static Denial LockedMemory => default;
}
