using HotLoop.TestKit;

namespace HotLoop.Conformance.Races;

/// <summary>The count of a write that was cut short is exact, whatever cut it.</summary>
public sealed class WriteRaceTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    public Task Writes_cut_by_deadlines_leave_no_gap_and_no_repeat(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        byte[] sent = new byte[4 * 1024 * 1024];
        new Random(5).NextBytes(sent);
        byte[] got = new byte[sent.Length];
        int arrived = 0;
        Task<IoResult> drain = Task.Run(() => Scenario.ReadUpTo(peer, sent.Length, part =>
        {
            part.CopyTo(got.AsMemory(arrived));
            arrived += part.Length;
            Thread.SpinWait(20_000); // slower than the writer
        }));

        Random random = new(6);
        int timeouts = 0;
        for (int offset = 0; offset < sent.Length;)
        {
            int size = Math.Min(random.Next(1, 256 * 1024), sent.Length - offset);
            conn.SetWriteDeadline(Deadline.After(TimeSpan.FromMicroseconds(random.Next(100, 2000))));
            IoResult result = await conn.TryWriteAsync(sent.AsMemory(offset, size));
            Assert.True(result.Error is null or { Timeout: true }, result.Error?.Message);
            Assert.Equal(result.Error is null, result.Count == size);
            timeouts += result.Error is null ? 0 : 1;
            offset += result.Count;
        }

        Assert.Equal(new IoResult(sent.Length, null), await drain);
        Assert.True(sent.AsSpan().SequenceEqual(got));
        Assert.True(timeouts > 0);
    });

    [Theory, ClassData(typeof(Backends))]
    public Task The_peer_gets_exactly_what_was_counted_before_Close(BackendKind backend) =>
        RunBoth(backend, t => CountUntil(t, conn => conn.Close()));

    [Theory, ClassData(typeof(Backends))]
    public Task The_peer_gets_exactly_what_was_counted_before_CloseWrite(BackendKind backend) =>
        RunBoth(backend, t => CountUntil(t, conn => conn.CloseWrite()));

    private static async Task CountUntil(Scenario t, Action<Conn> end)
    {
        Random random = new(8);
        byte[] part = new byte[64 * 1024];
        for (int i = 0; i < 50; i++)
        {
            (Conn conn, Conn peer) = await t.NarrowPair();
            int spins = random.Next(0, 20_000);
            Task<IoResult> drain = Task.Run(() => Scenario.ReadUpTo(peer, long.MaxValue));
            Task ending = Task.Run(() =>
            {
                Thread.SpinWait(spins);
                end(conn);
            });
            int counted = 0;
            IoResult result;
            do
            {
                result = await conn.TryWriteAsync(part);
                counted += result.Count;
            }
            while (result.Error is null);
            await ending;
            conn.Dispose();
            Assert.Equal(new IoResult(counted, null), await drain);
            peer.Close();
        }
    }
}
