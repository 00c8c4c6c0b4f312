using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S03CloseAgainstRead
{
    private const int Lanes = 4;
    private const int LongestMicroseconds = 200;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    [Scenario(3, "Close against a pending read", Brief = true), ClassData(typeof(Backends))]
    public Task Each_read_ends_once_and_soon(BackendKind backend)
    {
        int count = Scale.Of(full: 40_000, brief: 2000);
        return Row.RunAsync(backend, $"{count} closes, each 0 to {LongestMicroseconds} us after a read began, from another thread", async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2 });
            using PairSource pairs = new(loops);
            Lateness lateness = new();
            int closed = 0, other = 0;
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
            {
                Random random = new(lane);
                for (int i = 0; i < count / Lanes; i++)
                {
                    (Conn conn, Conn peer) = await pairs.NextAsync();
                    long at = 0;
                    int microseconds = random.Next(LongestMicroseconds);
                    Task<IoResult> read = conn.TryReadAsync(new byte[1]).AsTask();
                    Task close = Task.Run(() =>
                    {
                        Pause.Microseconds(microseconds);
                        at = Stopwatch.GetTimestamp();
                        conn.Dispose();
                    });
                    IoResult result = await read.WaitAsync(s_limit);
                    long ended = Stopwatch.GetTimestamp();
                    await close;
                    lateness.Add(Stopwatch.GetElapsedTime(at, Math.Max(at, ended)));
                    Interlocked.Increment(ref result.Error?.Kind == OpErrorKind.Closed && result.Count == 0 ? ref closed : ref other);
                    peer.Dispose();
                }
            })));
            row.Measure("reads that ended closed, of each", (double)closed / (count / Lanes * Lanes), most: 1, least: 1);
            row.Measure("other ends", other, most: 0);
            row.Measure("p99.9 after the close, ms", lateness.Percentile(99.9), most: 100);
            row.Measure("longest, ms", lateness.Max, most: s_limit.TotalMilliseconds);
        });
    }
}
