using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Races;

public sealed class ReadRaceTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.race.deadline/1")]
    public Task A_byte_that_meets_a_deadline_is_read_now_or_later(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("read.race.deadline/1", "300 times data or a time-out, lost_or_wrong=0");
        (Conn conn, Conn peer) = await t.Pair();
        Random random = new(7);
        for (int i = 0; i < 300; i++)
        {
            byte value = (byte)i;
            TimeSpan pause = TimeSpan.FromMicroseconds(random.Next(300, 1800));
            conn.SetReadDeadline(Timing.In(1));
            byte[] buffer = new byte[8];
            ValueTask<IoResult> read = conn.TryReadAsync(buffer);
            Task send = Task.Run(async () =>
            {
                SpinFor(pause);
                await peer.WriteAsync(new[] { value });
            });
            IoResult result = await read;
            if (result.Error is not null)
            {
                Assert.True(result.Error.Timeout);
                Assert.Equal(0, result.Count);
                conn.SetReadDeadline(Deadline.None);
                result = await conn.TryReadAsync(buffer);
            }

            await send;
            Assert.Equal(new IoResult(1, null), result);
            Assert.Equal(value, buffer[0]);
        }
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("read.race.close/1")]
    public Task A_read_that_meets_data_and_Close_ends_with_one_of_them(BackendKind backend) => RunBoth(backend, async t =>
    {
        _ = t.Saw("read.race.close/1", "200 times data or closed");
        for (int i = 0; i < 200; i++)
        {
            (Conn conn, Conn peer) = await t.Pair();
            ValueTask<IoResult> read = Scenario.Read(conn);
            Assert.False(read.IsCompleted);
            using Barrier start = new(2);
            Task send = Task.Run(async () =>
            {
                start.SignalAndWait();
                await peer.TryWriteAsync(new byte[1]);
            });
            Task close = Task.Run(() =>
            {
                start.SignalAndWait();
                conn.Close();
            });
            IoResult result = await read;
            await Task.WhenAll(send, close);
            Assert.True(result is { Count: 1, Error: null } or { Count: 0, Error.Kind: OpErrorKind.Closed }, result.ToString());
            peer.Close();
        }
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Reads_in_line_share_a_stream_without_loss_while_deadlines_fall(BackendKind backend) => RunBoth(backend, async t =>
    {
        const int Total = 20_000;
        (Conn conn, Conn peer) = await t.Pair();
        int got = 0;
        long sum = 0;
        async Task Reader()
        {
            byte[] buffer = new byte[64];
            while (Volatile.Read(ref got) < Total)
            {
                IoResult result = await conn.TryReadAsync(buffer);
                if (result.Error is not null)
                {
                    Assert.True(result.Error.Timeout, result.Error.Message);
                    conn.SetReadDeadline(Timing.In(1));
                    continue;
                }

                Interlocked.Add(ref sum, buffer.AsSpan(0, result.Count).ToArray().Sum(b => b));
                Interlocked.Add(ref got, result.Count);
            }
        }

        conn.SetReadDeadline(Timing.In(1));
        Task[] readers = [.. Enumerable.Range(0, 5).Select(_ => Task.Run(Reader))];
        long sent = 0;
        for (int i = 0; i < Total; i += 100)
        {
            byte[] part = new byte[100];
            new Random(i).NextBytes(part);
            sent += part.Sum(b => b);
            await peer.WriteAsync(part);
            if (i % 2000 == 0)
            {
                await Task.Delay(2); // readers run dry and wait
            }
        }

        await Task.WhenAll(readers);
        Assert.Equal(Total, got);
        Assert.Equal(sent, sum);
    });

    private static void SpinFor(TimeSpan duration)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration)
        {
            Thread.SpinWait(20);
        }
    }
}
