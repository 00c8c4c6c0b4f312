using System.Numerics;
using System.Runtime.InteropServices;

namespace HotLoop.Conformance.Seeds.Conversations;

/// <summary>Messages with a checksum each come back as they were sent, whether read into a buffer or by lease, written in one or in parts.</summary>
internal static class Echoing
{
    private const int HeaderBytes = 8;

    internal static async Task Run(Talk t)
    {
        (Conn conn, Conn peer) = await t.Pair();
        Task<IoResult> echo = t.Start(() => Echo(peer, byLease: t.Random.Next(2) == 0));
        for (int i = t.Random.Next(3, 15); i > 0; i--)
        {
            byte[] message = Message(t.Random);
            int middle = t.Random.Next(4) == 0 ? t.Random.Next(1, message.Length) : 0;

            // Read meanwhile: what comes back may be more than the sockets hold, all the more in many small pieces.
            Task writing = middle > 0 ? WriteParts(conn, message, middle) : Write(conn, message);
            await RequireMessage(conn, message.Length);
            await writing;
        }

        conn.CloseWrite();
        Assert.Null((await echo).Error);
    }

    /// <summary>Sends everything back until the end of the stream.</summary>
    internal static async Task<IoResult> Echo(Conn conn, bool byLease = false)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            using ReadLease lease = byLease ? await conn.TryReadLeaseAsync() : default;
            if (Talk.IsGiven(lease.Error))
            {
                continue;
            }

            IoResult read = byLease ? new IoResult(lease.Length, lease.Error) : await Talk.ReadSome(conn, buffer);
            if (read.Count == 0)
            {
                return read;
            }

            IoResult written = await Talk.Write(conn, byLease ? lease.Memory : buffer.AsMemory(0, read.Count));
            if (written.Error is not null)
            {
                return written;
            }
        }
    }

    private static async Task RequireMessage(Conn conn, int length)
    {
        byte[] header = new byte[HeaderBytes];
        Talk.Require(await Talk.Read(conn, header), HeaderBytes);
        (int bodyLength, int sum) = (BitConverter.ToInt32(header), BitConverter.ToInt32(header, sizeof(int)));
        Assert.Equal(length - HeaderBytes, bodyLength);
        byte[] body = new byte[bodyLength];
        Talk.Require(await Talk.Read(conn, body), bodyLength);
        Assert.Equal(sum, Checksum(body));
    }

    private static async Task Write(Conn conn, byte[] message) => Talk.Require(await Talk.Write(conn, message), message.Length);

    private static byte[] Message(Random random)
    {
        byte[] message = new byte[HeaderBytes + random.Next(1, random.Next(8) == 0 ? 100_000 : 3000)];
        random.NextBytes(message.AsSpan(HeaderBytes));
        Span<int> words = MemoryMarshal.Cast<byte, int>(message.AsSpan(0, HeaderBytes));
        words[0] = message.Length - HeaderBytes;
        words[1] = Checksum(message.AsSpan(HeaderBytes));
        return message;
    }

    private static async Task WriteParts(Conn conn, byte[] message, int middle)
    {
        int count = 0;
        while (count < message.Length)
        {
            int cut = Math.Max(count, middle);
            CopyResult result = await conn.TryWriteAsync(Parts.Of(message[count..cut], [], message[cut..]));
            Assert.True(result.Error is null || Talk.IsGiven(result.Error), $"{result.Error}");
            count += (int)result.Count;
        }
    }

    private static int Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        foreach (byte b in bytes)
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        return (int)sum;
    }
}
