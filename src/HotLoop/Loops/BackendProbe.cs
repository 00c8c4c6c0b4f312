using HotLoop.Polling;
using HotLoop.Polling.Epoll;

namespace HotLoop.Loops;

/// <summary>Chooses a backend by trying, best first, and makes pollers of that kind.</summary>
internal static class BackendProbe
{
    internal static Poller CreatePoller(BackendKind kind)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("HotLoop runs on Linux (x64, arm64); no backend for this system is built yet.");
        }

        return kind is BackendKind.Auto or BackendKind.Epoll
            ? new EpollPoller(LoopThread.EventsPerTick)
            : throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such backend");
    }
}
