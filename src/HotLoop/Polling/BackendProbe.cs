using HotLoop.Native;
using HotLoop.Polling.Epoll;
using HotLoop.Polling.Uring;

namespace HotLoop.Polling;

/// <summary>Chooses a backend, tries whether it works, and makes pollers of that kind.</summary>
internal static class BackendProbe
{
    /// <summary>The backend to use.</summary>
    /// <exception cref="PlatformNotSupportedException">The one that is asked for, or any, does not work here.</exception>
    internal static BackendKind Choose(BackendKind asked)
    {
        if (Kernel.Current.Obstacle is { } missing)
        {
            throw new PlatformNotSupportedException(missing);
        }

        return asked switch
        {
            // io_uring did not measure at least as good under every load; ARCHITECTURE.md has the figures.
            BackendKind.Auto or BackendKind.Epoll => BackendKind.Epoll,
            BackendKind.IoUring when UringProbe.Obstacle is { } obstacle => throw new PlatformNotSupportedException(
                $"io_uring: {obstacle}; ask for epoll, or leave the choice to auto"),
            BackendKind.IoUring => BackendKind.IoUring,
            _ => throw new ArgumentOutOfRangeException(nameof(asked), asked, "no such backend"),
        };
    }

    /// <summary>Why <see cref="Choose"/> chose as it did, in a line. For <see cref="BackendKind.Auto"/> it tries io_uring, once a process.</summary>
    internal static string Reason(BackendKind asked) => asked switch
    {
        BackendKind.Epoll => "epoll, as asked for",
        BackendKind.IoUring => "io_uring, as asked for",
        _ => $"epoll, the default; io_uring {(UringProbe.Obstacle is { } obstacle ? $"does not work here ({obstacle})" : "works here, too")}",
    };

    /// <exception cref="IOException">The kernel refused.</exception>
    internal static Poller CreatePoller(BackendKind kind)
    {
        if (kind != BackendKind.IoUring)
        {
            return new EpollPoller(Poller.EventsPerWait);
        }

        int result = UringPoller.TryCreate(UringLimits.Default, out UringPoller? poller);
        return result < 0 ? throw new IOException($"io_uring: {UringProbe.Explain(result)}") : poller!;
    }
}
