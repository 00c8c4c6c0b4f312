using System.ComponentModel;
using System.Diagnostics;

namespace HotLoop.Load;

/// <summary>What a server process has used so far. Of /proc, by <see cref="Process"/>: CPU time in steps of 10 ms.</summary>
/// <param name="At">When it was read, by <see cref="Clock"/>.</param>
/// <param name="Cpu">User and system time of all its threads.</param>
/// <param name="RssBytes">Resident memory.</param>
internal readonly record struct ServerGauge(long At, TimeSpan Cpu, long RssBytes)
{
    /// <summary>Reads it.</summary>
    /// <returns>Null: there is no such process, or no longer.</returns>
    internal static ServerGauge? Read(int? pid)
    {
        if (pid is null)
        {
            return null;
        }

        try
        {
            using Process server = Process.GetProcessById(pid.Value);
            return new ServerGauge(Clock.Now, server.TotalProcessorTime, server.WorkingSet64);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
