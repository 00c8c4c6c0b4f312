using HotLoop.TestKit;

namespace HotLoop.Stress.NetTest;

/// <summary>nettest's BasicIO and PingPong.</summary>
public sealed class StreamTests(LoopsFixture loops) : StressTests(loops)
{
    private const int MaxPiece = 8 * 1024;

    [Theory, ClassData(typeof(Settings))]
    public Task BasicIO_every_byte_arrives_once_and_then_the_end(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        byte[] sent = new byte[t.Random.Next(256 * 1024, 1024 * 1024)];
        t.Random.NextBytes(sent);
        int writeSeed = t.Random.Next();
        int readSeed = t.Random.Next();
        Task writing = t.Start(async () =>
        {
            Random random = new(writeSeed);
            for (int offset = 0; offset < sent.Length;)
            {
                int size = Math.Min(random.Next(1, MaxPiece), sent.Length - offset);
                Assert.Equal(new IoResult(size, null), await t.Watch(conn.TryWriteAsync(sent.AsMemory(offset, size))));
                offset += size;
            }

            conn.Close();
        });

        Random random = new(readSeed);
        byte[] got = new byte[sent.Length + 1];
        int count = 0;
        IoResult read;
        do
        {
            int size = Math.Min(random.Next(1, MaxPiece), got.Length - count);
            read = await t.Watch(peer.TryReadAsync(got.AsMemory(count, size)));
            count += read.Count;
        }
        while (read.Count > 0 && count < got.Length);
        await writing;
        peer.Close();
        Assert.Null(read.Error);
        Assert.True(sent.AsSpan().SequenceEqual(got.AsSpan(0, count)), $"{sent.Length} bytes sent, {count} others read");
    });

    [Theory, ClassData(typeof(Settings))]
    public Task PingPong_a_counter_grows_by_one_at_each_end(Setting setting) => Hold(setting, async t =>
    {
        (Conn conn, Conn peer) = await t.Pair();
        ulong last = (ulong)t.Random.Next(200, 1000);
        Task first = t.Start(() => Bounce(t, conn, last, serves: true));
        await Bounce(t, peer, last, serves: false);
        await first;
    });

    private static async Task Bounce(StressRun t, Conn conn, ulong last, bool serves)
    {
        byte[] buffer = new byte[sizeof(ulong)];
        ulong? previous = null;
        if (serves)
        {
            await conn.WriteAsync(buffer);
        }

        while (previous is null || previous < last)
        {
            IoResult result = await SocketScope.ReadUpTo(conn, buffer.Length, part => part.CopyTo(buffer));
            Assert.Null(result.Error);
            if (result.Count == 0)
            {
                break;
            }

            ulong value = BitConverter.ToUInt64(buffer);
            Assert.Equal(previous + 2 ?? value, value);
            previous = value;
            BitConverter.TryWriteBytes(buffer, value + 1);
            await t.Watch(conn.TryWriteAsync(buffer)); // fails when the other end has its last value
        }

        conn.Close();
    }
}
