using Xunit;

namespace HotLoop.TestKit;

/// <summary>An echoing peer, and the round trips that Go's nettest makes with it.</summary>
public static class Echo
{
    private const byte Marker = 0xff;

    public static async Task Run(Conn conn)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            IoResult read = await conn.TryReadAsync(buffer);
            if (read.Count == 0 || (await conn.TryWriteAsync(buffer.AsMemory(0, read.Count))).Error is not null)
            {
                break;
            }
        }

        conn.Dispose();
    }

    /// <summary>Reads away whatever earlier writes left to be echoed.</summary>
    public static async Task Resynchronize(Conn conn)
    {
        conn.SetDeadline(Deadline.None);
        Assert.Equal(new IoResult(1, null), await conn.TryWriteAsync(new[] { Marker }));
        byte[] buffer = new byte[1024];
        IoResult read;
        do
        {
            read = await conn.TryReadAsync(buffer);
            Assert.Null(read.Error);
        }
        while (buffer[read.Count - 1] != Marker);
    }

    public static async Task RoundTrip(Conn conn)
    {
        conn.SetDeadline(Deadline.None);
        byte[] sent = "Hello, world!"u8.ToArray();
        Assert.Equal(new IoResult(sent.Length, null), await conn.TryWriteAsync(sent));
        List<byte> got = [];
        Assert.Null((await SocketScope.ReadUpTo(conn, sent.Length, part => got.AddRange(part.Span))).Error);
        Assert.Equal(sent, got);
    }
}
