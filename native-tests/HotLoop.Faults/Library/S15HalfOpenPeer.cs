using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.Native;
using HotLoop.TestKit;
using HotLoop.TestKit.Networks;

namespace HotLoop.Faults.Library;

public class S15HalfOpenPeer
{
    private const int NarrowBytes = 64 * 1024;
    private const int FloodBytes = 1024 * 1024;
    private const int Probes = 2;
    private const double DeadlineMs = 1000;
    private const double KeepAliveMs = 1000 * (1 + Probes); // idle time, then as many intervals
    private const double KernelTimerMs = 1000;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Scenario(15, "Half-open peer", InNamespace = true), ClassData(typeof(Backends))]
    public Task Deadlines_and_keep_alive_end_what_waits(BackendKind backend)
    {
        int count = Scale.Of(full: 50, brief: 10);
        return Row.RunAsync(
            backend,
            $"{2 * count} idle connections, half with a read deadline of 1 s, half with keep-alive (1 s, {Probes} probes each 1 s), and {2 * count} in a blocked write; then the network loses every packet",
            async row =>
            {
                using NetworkNamespace space = new(backend);
                await space.Run(() => RunAsync(space.Loops, count, row)).WaitAsync(s_limit);
            });
    }

    private static async Task RunAsync(LoopGroup loops, int count, Row row)
    {
        RouteMessage.SetLoopback(up: true);
        int before = FdLeakGuard.CountSockets();
        List<Conn> conns = [];
        using (PairSource pairs = new(loops))
        {
            Conn[] deadline = await PairsAsync(pairs, count, conns);
            Conn[] keepAlive = await PairsAsync(pairs, count, conns);
            Conn[] writing = await PairsAsync(pairs, 2 * count, conns);
            Task<IoResult>[] writes = [.. writing.Select(conn => conn.TryWriteAsync(new byte[FloodBytes]).AsTask())];
            await Task.Delay(200); // until the peers' windows are full
            Assert.DoesNotContain(writes, write => write.IsCompleted);
            Array.ForEach(keepAlive, KeepAlive);

            RouteMessage.SetLoopback(up: false);
            long start = Stopwatch.GetTimestamp();
            Array.ForEach(deadline, conn => conn.SetReadDeadline(Deadline.After(s_second)));
            Array.ForEach(writing, conn => conn.SetWriteDeadline(Deadline.After(s_second)));
            Task[] ends =
            [
                EndAsync(row, start, "a read with a deadline ends", deadline.Select(Read), e => e.Kind == OpErrorKind.DeadlineExceeded, DeadlineMs, DeadlineMs * 1.1),
                EndAsync(row, start, "a blocked write ends", writes, e => e.Kind == OpErrorKind.DeadlineExceeded, DeadlineMs, DeadlineMs * 1.1),
                EndAsync(row, start, "keep-alive ends a read", keepAlive.Select(Read), e => e.Errno == Errno.ETIMEDOUT, KeepAliveMs - KernelTimerMs, (KeepAliveMs * 1.1) + KernelTimerMs),
            ];
            await Task.WhenAll(ends);
        }

        conns.ForEach(conn => conn.Dispose());
        Stopwatch watch = Stopwatch.StartNew();
        while (FdLeakGuard.CountSockets() > before && watch.Elapsed < TimeSpan.FromSeconds(5))
        {
            await Task.Yield();
        }

        row.Measure("sockets left over", FdLeakGuard.CountSockets() - before, most: 0);
    }

    // Both ends are added to what is closed at the end.
    private static async Task<Conn[]> PairsAsync(PairSource pairs, int count, List<Conn> conns)
    {
        Conn[] made = new Conn[count];
        for (int i = 0; i < count; i++)
        {
            (made[i], Conn peer) = await pairs.NextAsync();
            made[i].SetWriteBuffer(NarrowBytes);
            peer.SetReadBuffer(NarrowBytes);
            conns.AddRange([made[i], peer]);
        }

        return made;
    }

    private static void KeepAlive(Conn conn)
    {
        conn.SetKeepAlivePeriod(s_second);
        conn.SyscallConn().Control(fd => Assert.Equal(0, Kernel.Current.SetOption(fd, SocketOption.KeepAliveProbes, Probes)));
    }

    private static Task<IoResult> Read(Conn conn) => conn.TryReadAsync(new byte[64]).AsTask();

    private static async Task EndAsync(
        Row row, long start, string what, IEnumerable<Task<IoResult>> waiting, Func<OpError, bool> isExpected, double least, double most)
    {
        Lateness after = new();
        int expected = 0, count = 0;
        await Task.WhenAll(waiting.Select(async task =>
        {
            count++;
            IoResult result = await task;
            after.Add(Stopwatch.GetElapsedTime(start));
            expected += result.Error is { } error && isExpected(error) ? 1 : 0;
        }));
        row.Measure($"{what}, with its error, of each", (double)expected / count, most: 1, least: 1);
        row.Measure($"{what}: first, ms", after.Min, least: least);
        row.Measure($"{what}: last, ms", after.Max, most: most);
    }
}
