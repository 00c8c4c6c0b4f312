using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S07DeadlineExtremes
{
    // Go's TestReadTimeoutFluctuation and TestVariousTimeouts.
    private static readonly TimeSpan[] s_times =
    [
        .. new[] { 1.0, 2, 5, 50, 100, 200, 500, 750 }.Select(ns => TimeSpan.FromTicks((long)Math.Ceiling(ns / 100))),
        .. new[] { 1.0, 5, 25, 250, 500 }.Select(TimeSpan.FromMicroseconds),
        .. new[] { 1.0, 5, 100, 250, 500, 1000 }.Select(TimeSpan.FromMilliseconds),
    ];

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    [Scenario(7, "Deadline extremes", Brief = true), ClassData(typeof(Backends))]
    public Task Never_early_and_soon_enough_also_on_a_busy_machine(BackendKind backend)
    {
        int rounds = Scale.Of(full: 3, brief: 1);
        return Row.RunAsync(
            backend, $"19 deadlines from 1 ns to 1 s, {rounds} times, on 1 and on 4 loops, every processor kept busy by a thread; past, 2 h and the longest", async row =>
        {
            Lateness overrun = new(), hundred = new();
            int early = 0;
            using Spinners spinners = new(Environment.ProcessorCount);
            foreach (int loopCount in new[] { 1, 4 })
            {
                using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = loopCount });
                using PairSource pairs = new(loops);
                (Conn conn, Conn peer) = await pairs.NextAsync();
                for (int round = 0; round < rounds; round++)
                {
                    foreach (TimeSpan time in s_times)
                    {
                        TimeSpan took = await TimeOutAsync(conn, time);
                        early += took < time ? 1 : 0;
                        overrun.Add(took - time);
                        if (time == TimeSpan.FromMilliseconds(100))
                        {
                            hundred.Add(took);
                        }
                    }
                }

                conn.SetReadDeadline(Deadline.Past);
                await peer.WriteAsync(new byte[1]);
                row.Check($"{loopCount} loops: a past deadline wins over data", (await conn.TryReadAsync(new byte[1])) is { Count: 0, Error.Timeout: true });
                foreach (TimeSpan far in new[] { TimeSpan.FromHours(2), TimeSpan.MaxValue })
                {
                    conn.SetReadDeadline(Deadline.After(far));
                    IoResult result = await conn.TryReadAsync(new byte[1]).AsTask().WaitAsync(s_limit);
                    row.Check($"{loopCount} loops: {(far == TimeSpan.MaxValue ? "the longest" : "2 h")} does not overflow", result == new IoResult(1, null));
                    await peer.WriteAsync(new byte[1]);
                }

                conn.Dispose();
                peer.Dispose();
            }

            row.Measure("early", early, most: 0);
            row.Measure("100 ms at the earliest, ms", hundred.Min, least: 100);
            row.Measure("100 ms at the latest, ms", hundred.Max, most: 250);
            row.Measure("p50 late, ms", overrun.Percentile(50));
            row.Measure("longest late, ms", overrun.Max, most: 1000);
        });
    }

    private static async Task<TimeSpan> TimeOutAsync(Conn conn, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        conn.SetReadDeadline(Deadline.After(time));
        IoResult result = await conn.TryReadAsync(new byte[1]).AsTask().WaitAsync(s_limit);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Assert.True(result is { Count: 0, Error.Timeout: true });
        return took;
    }

    /// <summary>Threads that compute all the time.</summary>
    private sealed class Spinners : IDisposable
    {
        private readonly Thread[] _threads;
        private volatile bool _stop;

        internal Spinners(int count)
        {
            _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Spin) { IsBackground = true })];
            Array.ForEach(_threads, t => t.Start());
        }

        public void Dispose()
        {
            _stop = true;
            Array.ForEach(_threads, t => t.Join());
        }

        private void Spin()
        {
            while (!_stop)
            {
                Thread.SpinWait(1000);
            }
        }
    }
}
