using HotLoop.Native;
using HotLoop.Timers;

namespace HotLoop.Serving;

/// <summary>
/// Tells a server to stop accepting a little before the process runs out of descriptors. The runtime itself needs some: a thread
/// that starts opens a pipe, an assembly that loads a file; without them it ends the process ("Out of memory").
/// Used on one loop.
/// </summary>
internal sealed class DescriptorBudget(int acceptors)
{
    // What the runtime was seen to need to start a thread, load assemblies and write to standard error, doubled.
    private const int KeptForRuntime = 16;

    // The limit may be changed from outside while we run (prlimit(2)); asking costs a system call.
    private const long LimitAge = 100 * Clock.NanosecondsPerMillisecond;

    private long _limit;
    private long _askedAt;

    /// <summary>
    /// Whether <paramref name="fd"/> is one of the last: numbers are given out lowest first. Each acceptor may take one more before it
    /// looks.
    /// </summary>
    internal bool IsNearlySpent(int fd, long now)
    {
        if (_askedAt == 0 || now - _askedAt > LimitAge)
        {
            _limit = Kernel.Current.DescriptorLimit();
            _askedAt = now;
        }

        return fd >= _limit - KeptForRuntime - acceptors;
    }

    /// <summary>Whether the next descriptor would be one of the last.</summary>
    internal bool IsNearlySpent(long now)
    {
        int next = Kernel.Current.NextDescriptor();
        return next < 0 || IsNearlySpent(next, now);
    }
}
