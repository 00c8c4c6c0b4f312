using HotLoop.TestKit;

namespace HotLoop.Stress.NetTest;

/// <summary>nettest's RacyRead and RacyWrite: a buffer is its owner's again as soon as the operation has ended, however it ended.</summary>
public sealed class RacyTests(LoopsFixture loops) : StressTests(loops)
{
    private const int Flows = 10;
    private const int Rounds = 60;

    [Theory, ClassData(typeof(Settings))]
    public Task RacyRead_nothing_is_written_to_a_buffer_after_its_read(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        int size = t.Random.Next(16, 1024);
        TimeSpan patience = t.Microseconds(200, 2000);
        Task sending = t.Start(async () =>
        {
            byte[] data = new byte[1024];
            while ((await peer.TryWriteAsync(data)).Error is null)
            {
            }
        });
        conn.SetReadDeadline(Deadline.After(patience));
        await Task.WhenAll(Enumerable.Range(0, Flows).Select(flow => t.Start(async () =>
        {
            byte[] buffer = new byte[size];
            for (int i = 1; i <= Rounds; i++)
            {
                IoResult result = await t.Watch(conn.TryReadAsync(buffer));
                Array.Fill(buffer, (byte)(flow + i));
                Renew(result, conn.SetReadDeadline, patience);
                Thread.SpinWait(50);
                Assert.True(buffer.AsSpan().IndexOfAnyExcept((byte)(flow + i)) < 0, "the buffer has changed");
            }
        })));
        conn.Close();
        await sending;
    });

    [Theory, ClassData(typeof(Settings))]
    public Task RacyWrite_a_buffer_is_not_read_after_its_write(Setting setting) => Hold(setting, async t =>
    {
        const byte Fresh = 1;
        const byte Used = 2;
        (Conn conn, Conn peer) = await t.NarrowPair();
        int size = t.Random.Next(1024, 16 * 1024);
        TimeSpan patience = t.Microseconds(200, 2000);
        long written = 0;
        Task<IoResult> drain = SocketScope.ReadUpTo(
            peer, long.MaxValue, part => Assert.True(part.Span.IndexOf(Used) < 0, "bytes of a buffer after its write"));
        conn.SetWriteDeadline(Deadline.After(patience));
        await Task.WhenAll(Enumerable.Range(0, Flows).Select(_ => t.Start(async () =>
        {
            byte[] buffer = new byte[size];
            for (int i = 0; i < Rounds; i++)
            {
                Array.Fill(buffer, Fresh);
                IoResult result = await t.Watch(conn.TryWriteAsync(buffer));
                Array.Fill(buffer, Used);
                Interlocked.Add(ref written, result.Count);
                Renew(result, conn.SetWriteDeadline, patience);
            }
        })));
        conn.Close();
        Assert.Equal(new IoResult((int)written, null), await drain);
    });

    private static void Renew(IoResult result, Action<Deadline> set, TimeSpan patience)
    {
        if (result.Error is not null)
        {
            Assert.True(result.Error.Timeout, result.Error.Message);
            set(Deadline.After(patience));
        }
    }
}
