using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S04CloseAgainstWrite
{
    private const int Lanes = 4;
    private const int NarrowBytes = 64 * 1024;
    private const int FloodBytes = 1024 * 1024;
    private const int LongestMicroseconds = 200;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    [Scenario(4, "Close against a blocked write", Brief = true), ClassData(typeof(Backends))]
    public Task Each_write_ends_once_and_the_peer_has_a_prefix(BackendKind backend)
    {
        int count = Scale.Of(full: 4000, brief: 200);
        return Row.RunAsync(
            backend, $"{count} writes of {FloodBytes / 1024} KiB to a peer that does not read, closed 0 to {LongestMicroseconds} us later from another thread", async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2 });
            using PairSource pairs = new(loops);
            byte[] flood = new byte[FloodBytes];
            new Random(4).NextBytes(flood);
            Lateness lateness = new();
            int closed = 0, other = 0, holes = 0, more = 0;
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
            {
                Random random = new(lane);
                for (int i = 0; i < count / Lanes; i++)
                {
                    (Conn conn, Conn peer) = await pairs.NextAsync();
                    conn.SetWriteBuffer(NarrowBytes);
                    peer.SetReadBuffer(NarrowBytes);
                    long at = 0;
                    int microseconds = random.Next(LongestMicroseconds);
                    Task<IoResult> write = conn.TryWriteAsync(flood).AsTask();
                    Task close = Task.Run(() =>
                    {
                        Pause.Microseconds(microseconds);
                        at = Stopwatch.GetTimestamp();
                        conn.Dispose();
                    });
                    IoResult result = await write.WaitAsync(s_limit);
                    long ended = Stopwatch.GetTimestamp();
                    await close;
                    lateness.Add(Stopwatch.GetElapsedTime(at, Math.Max(at, ended)));
                    Interlocked.Increment(ref result.Error?.Kind == OpErrorKind.Closed ? ref closed : ref other);
                    (int length, bool isPrefix) = await ReadAllAsync(peer, flood).WaitAsync(s_limit);
                    Interlocked.Add(ref holes, isPrefix ? 0 : 1);
                    Interlocked.Add(ref more, length == result.Count ? 0 : 1);
                }
            })));
            row.Measure("writes that ended closed, of each", (double)closed / (count / Lanes * Lanes), most: 1, least: 1);
            row.Measure("other ends", other, most: 0);
            row.Measure("peers that saw anything but a prefix", holes, most: 0);
            row.Measure("peers that saw another count than the writer was told", more, most: 0);
            row.Measure("p99.9 after the close, ms", lateness.Percentile(99.9), most: 100);
        });
    }

    private static async Task<(int Length, bool IsPrefix)> ReadAllAsync(Conn peer, byte[] expected)
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        bool isPrefix = true;
        int n;
        while ((n = await peer.ReadAsync(buffer)) > 0)
        {
            isPrefix &= buffer.AsSpan(0, n).SequenceEqual(expected.AsSpan(length, n));
            length += n;
        }

        peer.Dispose();
        return (length, isPrefix);
    }
}
