using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S06DeadlineStorm
{
    private const int Setters = 2;
    private const int OneInHundred = 100;

    [Scenario(6, "Deadline storm", Brief = true), ClassData(typeof(Backends))]
    public Task Deadlines_that_are_replaced_cost_nothing_and_the_others_fire_in_time(BackendKind backend)
    {
        int pairs = Scale.Of(full: 5000, brief: 500);
        TimeSpan time = Scale.Of(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        return Row.RunAsync(
            backend, $"{2 * pairs} connections, half of them in a read; for {time.TotalSeconds:0} s {Setters} threads replace their deadlines, while 1 % let them fire", async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2 });
            using PairSource source = new(loops);
            List<(Conn Conn, Conn Peer)> made = [];
            while (made.Count < pairs)
            {
                made.Add(await source.NextAsync());
            }

            Conn[] firing = [.. made.Take(pairs / OneInHundred).Select(p => p.Conn)], replaced = [.. made.Skip(pairs / OneInHundred).Select(p => p.Conn)];
            Task<IoResult>[] reads = [.. replaced.Select(c => c.TryReadAsync(new byte[1]).AsTask())];
            Lateness lateness = new();
            int early = 0;
            using CancellationTokenSource stop = new(time);
            Task[] fires = [.. firing.Select((conn, i) => Task.Run(() => FireAsync(conn, new Random(i))))];
            long memory = GC.GetTotalMemory(forceFullCollection: true);
            long[] sets = await Task.WhenAll(Enumerable.Range(0, Setters).Select(i => Task.Factory.StartNew(() => Replace(i), TaskCreationOptions.LongRunning)));
            await Task.WhenAll(fires);
            row.Measure("deadlines set, millions", sets.Sum() / 1e6, least: time.TotalSeconds * 0.1);
            row.Measure("ns a set, on each thread", time.TotalMilliseconds * 1e6 * Setters / sets.Sum(), most: 2000);
            row.Measure("memory after it, KiB more", (GC.GetTotalMemory(forceFullCollection: true) - memory) / 1024.0, most: 1024);
            row.Measure("reads ended by a deadline that was replaced", reads.Count(r => r.IsCompleted), most: 0);
            row.Measure("fired", lateness.Count, least: firing.Length);
            row.Measure("early", early, most: 0);
            row.Measure("p99 late, ms", lateness.Percentile(99), most: Scale.Of(full: 10, brief: 50)); // brief runs have other tests beside them
            row.Measure("longest late, ms", lateness.Max, most: Scale.Of(full: 100, brief: 1000));
            made.ForEach(p => p.Conn.Dispose());
            made.ForEach(p => p.Peer.Dispose());
            row.Check("all reads ended by Close", (await Task.WhenAll(reads)).All(r => r.Error?.Kind == OpErrorKind.Closed));

            long Replace(int number)
            {
                Random random = new(number);
                long count = 0;
                for (; !stop.IsCancellationRequested; count++)
                {
                    replaced[random.Next(replaced.Length)].SetReadDeadline(Deadline.After(TimeSpan.FromMilliseconds(random.Next(3_600_000) + 60_000)));
                }

                return count;
            }

            async Task FireAsync(Conn conn, Random random)
            {
                while (!stop.IsCancellationRequested)
                {
                    TimeSpan after = TimeSpan.FromMilliseconds(5 + random.Next(95));
                    long start = Stopwatch.GetTimestamp();
                    conn.SetReadDeadline(Deadline.After(after));
                    Assert.True((await conn.TryReadAsync(new byte[1])).Error!.Timeout);
                    TimeSpan late = Stopwatch.GetElapsedTime(start) - after;
                    Interlocked.Add(ref early, late < TimeSpan.Zero ? 1 : 0);
                    lateness.Add(late);
                }
            }
        });
    }
}
