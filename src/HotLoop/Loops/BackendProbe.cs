using HotLoop.Polling;
using HotLoop.Polling.Epoll;
using HotLoop.Polling.Uring;

namespace HotLoop.Loops;

/// <summary>Chooses a backend, tries whether it works, and makes pollers of that kind.</summary>
internal static class BackendProbe
{
    /// <summary>The backend to use, and in a few words why it is that one.</summary>
    /// <exception cref="PlatformNotSupportedException">The one that is asked for, or any, does not work here.</exception>
    internal static (BackendKind Kind, string Reason) Choose(BackendKind asked)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("HotLoop runs on Linux (x64, arm64); no backend for this system is built yet.");
        }

        switch (asked)
        {
            case BackendKind.Epoll:
                return (BackendKind.Epoll, "epoll: as asked for");
            case BackendKind.IoUring:
                return UringProbe.Obstacle is { } obstacle
                    ? throw new PlatformNotSupportedException($"io_uring: {obstacle}")
                    : (BackendKind.IoUring, "io_uring: as asked for");
            case BackendKind.Auto:
                // Measured, io_uring is not at least as good everywhere; ARCHITECTURE.md has the figures.
                return (BackendKind.Epoll, $"io_uring: {UringProbe.Obstacle ?? "works here, is not better for every load"}; using epoll");
            default:
                throw new ArgumentOutOfRangeException(nameof(asked), asked, "no such backend");
        }
    }

    /// <exception cref="IOException">The kernel refused.</exception>
    internal static Poller CreatePoller(BackendKind kind)
    {
        if (kind != BackendKind.IoUring)
        {
            return new EpollPoller(LoopThread.EventsPerTick);
        }

        int result = UringPoller.TryCreate(out UringPoller? poller);
        return result < 0 ? throw new IOException($"io_uring: {UringProbe.Explain(result)}") : poller!;
    }
}
