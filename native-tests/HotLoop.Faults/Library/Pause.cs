using System.Diagnostics;

namespace HotLoop.Faults.Library;

/// <summary>Times too short for a timer.</summary>
internal static class Pause
{
    internal static void Microseconds(int microseconds)
    {
        long until = Stopwatch.GetTimestamp() + (microseconds * Stopwatch.Frequency / 1_000_000);
        while (Stopwatch.GetTimestamp() < until)
        {
            Thread.SpinWait(10);
        }
    }
}
