namespace HotLoop;

/// <summary>The kernel facility that a loop waits with.</summary>
public enum BackendKind
{
    /// <summary><see cref="Epoll"/>: io_uring did not measure at least as good under every load. <see cref="LoopGroup.BackendReason"/> says whether io_uring works here.</summary>
    Auto,

    /// <summary>epoll(7), edge-triggered. Linux.</summary>
    Epoll,

    /// <summary>io_uring(7), with receives that the kernel makes by itself. Linux 6.1 or later, where it is allowed.</summary>
    IoUring,
}
