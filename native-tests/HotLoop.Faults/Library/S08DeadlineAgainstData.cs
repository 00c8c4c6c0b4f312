using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S08DeadlineAgainstData
{
    private const int Lanes = 4;
    private const int DeadlineMicroseconds = 300;
    private const int Spread = 50;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    [Scenario(8, "Deadline against data", Brief = true), ClassData(typeof(Backends))]
    public Task Each_byte_comes_once_with_this_read_or_the_next(BackendKind backend)
    {
        int count = Scale.Of(full: 40_000, brief: 2000);
        return Row.RunAsync(backend, $"{count} bytes, each sent within {Spread} us of a read's deadline", async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2 });
            using PairSource pairs = new(loops);
            int expired = 0, wrong = 0, early = 0;
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
            {
                (Conn conn, Conn peer) = await pairs.NextAsync();
                Random random = new(lane);
                byte[] buffer = new byte[2];
                for (int i = 0; i < count / Lanes; i++)
                {
                    byte value = (byte)i;
                    long before = Timers.MonotonicClock.Instance.Now;
                    conn.SetReadDeadline(Deadline.After(TimeSpan.FromMicroseconds(DeadlineMicroseconds)));
                    Task<IoResult> read = conn.TryReadAsync(buffer).AsTask();
                    Pause.Microseconds(DeadlineMicroseconds - Spread + random.Next(2 * Spread));
                    await peer.WriteAsync(new[] { value });
                    IoResult result = await read.WaitAsync(s_limit);
                    if (result.Error is { Timeout: true })
                    {
                        Interlocked.Increment(ref expired);
                        Interlocked.Add(ref early, Timers.MonotonicClock.Instance.Now - before < DeadlineMicroseconds * 1000L ? 1 : 0);
                        conn.SetReadDeadline(Deadline.None);
                        result = await conn.TryReadAsync(buffer).AsTask().WaitAsync(s_limit);
                    }

                    Interlocked.Add(ref wrong, result.Error is null && result.Count == 1 && buffer[0] == value ? 0 : 1);
                }

                conn.Dispose();
                Interlocked.Add(ref wrong, await peer.ReadAsync(buffer));
                peer.Dispose();
            })));
            row.Measure("bytes lost, doubled or out of order", wrong, most: 0);
            row.Measure("deadlines early", early, most: 0);
            row.Measure("reads that met their deadline first, %", 100.0 * expired / count, most: 99.9, least: 0.1);
        });
    }
}
