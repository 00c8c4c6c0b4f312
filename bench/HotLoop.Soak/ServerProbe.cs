using System.Diagnostics;

namespace HotLoop.Soak;

/// <summary>Reads what the kernel says about the server's process.</summary>
internal sealed class ServerProbe : IDisposable
{
    private readonly Process _process;

    /// <exception cref="ArgumentException">There is no such process.</exception>
    internal ServerProbe(int pid) => _process = Process.GetProcessById(pid);

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
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            return null; // it ended between two of the calls
        }
    }

    public void Dispose() => _process.Dispose();
}
