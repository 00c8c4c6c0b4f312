using System.Diagnostics;

namespace HotLoop.Soak;

/// <summary>Reads what the kernel says about the server's process.</summary>
internal sealed class ServerProbe : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;

    /// <exception cref="ArgumentException">There is no such process.</exception>
    internal ServerProbe(int pid) => _process = Process.GetProcessById(pid);

    /// <exception cref="IOException">It cannot be looked at: it has ended, or belongs to somebody else.</exception>
    internal ServerReading Read() =>
        TryRead() ?? throw new IOException($"process {_process.Id} has ended, or may not be looked at");

    /// <summary>Null when the process has ended.</summary>
    internal ServerReading? TryRead()
    {
        try
        {
            _process.Refresh();
            if (_process.HasExited)
            {
                return null;
            }

            int descriptors = Directory.EnumerateFileSystemEntries($"/proc/{_process.Id}/fd").Count();
            return new ServerReading(_process.WorkingSet64, descriptors, _process.Threads.Count, _process.TotalProcessorTime);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return null; // it ended between two of the calls, or its parent has not yet taken notice
        }
    }

    /// <summary>Looks until the process is within both limits, or <paramref name="patience"/> is over.</summary>
    /// <returns>The last look; null when the process has ended.</returns>
    internal async Task<ServerReading?> SettleAsync(
        int maxDescriptors, long maxRssBytes, TimeSpan patience, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            ServerReading? reading = TryRead();
            if (reading is not { } seen
                || (seen.Descriptors <= maxDescriptors && seen.RssBytes <= maxRssBytes)
                || Stopwatch.GetElapsedTime(start) > patience)
            {
                return reading;
            }

            await Task.Delay(s_look, stop);
        }
    }

    public void Dispose() => _process.Dispose();
}
