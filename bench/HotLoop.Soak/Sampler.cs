using System.Diagnostics;

namespace HotLoop.Soak;

/// <summary>Looks at the server and the load again and again.</summary>
/// <param name="probe">Of the server.</param>
/// <param name="load">That is running.</param>
/// <param name="progress">Gets a line every 5 s.</param>
internal sealed class Sampler(ServerProbe probe, Load load, TextWriter progress)
{
    // About so many points in the curves, whatever the length of the soak.
    private const int Points = 300;
    private const double MinSeconds = 0.5;
    private const double LineSeconds = 5;

    private readonly List<Sample> _samples = [];
    private int _printed;

    internal IReadOnlyList<Sample> Samples => _samples;

    /// <returns>Whether the server was there all the time; without it, this ends early.</returns>
    internal async Task<bool> RunAsync(TimeSpan duration, CancellationToken stop)
    {
        double interval = Math.Max(MinSeconds, duration.TotalSeconds / Points);
        long start = Stopwatch.GetTimestamp();
        double before = 0;
        TimeSpan processor = probe.TryRead()?.Processor ?? TimeSpan.Zero;
        for (double due = interval; before < duration.TotalSeconds; due += interval)
        {
            double wait = Math.Min(due, duration.TotalSeconds) - Stopwatch.GetElapsedTime(start).TotalSeconds;
            await Task.Delay(TimeSpan.FromSeconds(Math.Max(wait, 0)), stop);
            double now = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (probe.TryRead() is not { } reading)
            {
                return false;
            }

            double percent = 100 * (reading.Processor - processor).TotalSeconds / Math.Max(now - before, 0.001);
            _samples.Add(new Sample(now, reading.RssBytes, reading.Descriptors, reading.Threads, percent, load.TakeInterval()));
            if (now - (_printed == 0 ? 0 : _samples[_printed - 1].Seconds) > LineSeconds - (interval / 2))
            {
                progress.WriteLine(Table.ProgressLine(_samples[_printed..]));
                _printed = _samples.Count;
            }

            processor = reading.Processor;
            before = now;
        }

        return true;
    }
}
