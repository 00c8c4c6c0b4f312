using System.Diagnostics;

namespace HotLoop.TestKit;

/// <summary>
/// Counts the process's sockets and pollers when a test class begins and again when it has ended: a test that leaves one behind fails.
/// Collections run one at a time in these projects, so the count is the class's own.
/// </summary>
public sealed class FdLeakGuard : IDisposable
{
    private static readonly TimeSpan s_settleTime = TimeSpan.FromSeconds(5);

    private readonly int _before = CountSockets();

    /// <summary>Descriptors of sockets that this process holds now.</summary>
    public static int CountSockets()
    {
        int count = 0;
        foreach (string fd in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // Gone between the listing and the look: not ours to count.
            string? target = TryReadLink(fd);
            if (target is not null && target.StartsWith("socket:", StringComparison.Ordinal))
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Closing goes on in other threads for a moment after a test's last await; only what stays is a leak.</summary>
    public void Dispose()
    {
        Stopwatch watch = Stopwatch.StartNew();
        int now;
        while ((now = CountSockets()) > _before)
        {
            if (watch.Elapsed > s_settleTime)
            {
                throw new InvalidOperationException($"{now - _before} sockets were left open.");
            }

            Thread.Yield();
        }
    }

    private static string? TryReadLink(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: false)?.ToString() is { } target ? Path.GetFileName(target) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
