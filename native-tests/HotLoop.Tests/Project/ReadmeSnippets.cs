using HotLoop.TestKit;

namespace HotLoop.Tests.Project;

/// <summary>The README's code, as written there; see <see cref="ReadmeTests"/>.</summary>
public sealed class ReadmeSnippets : IClassFixture<FdLeakGuard>
{
    [Fact]
    public async Task The_server_of_the_README_echoes()
    {
        await using Server server = Server.Listen("tcp", "127.0.0.1:0", Echo);
        using Conn client = await Net.DialAsync("tcp", server.Address.ToString());
        await client.WriteAsync("hello"u8.ToArray());
        byte[] answer = new byte[5];
        int n = 0;
        while (n < answer.Length)
        {
            n += await client.ReadAsync(answer.AsMemory(n));
        }

        Assert.Equal("hello"u8.ToArray(), answer);
    }

    [Fact]
    public async Task The_deadline_of_the_README_ends_a_read()
    {
        using Listener listener = Net.Listen("tcp", "127.0.0.1:0");
        using Conn conn = await Net.DialAsync("tcp", listener.Address.ToString());
        using Conn accepted = await listener.AcceptAsync();
        Task read = ReadWithDeadline(conn, new byte[10]);
        await accepted.WriteAsync(new byte[1]);
        await read;
    }

    // Compiled, not run: it takes the port of the README for itself.
    internal static async Task RunForEver()
    {
        await using Server server = Server.Listen("tcp", "127.0.0.1:8888", Echo);
        Console.WriteLine($"listening on {server.Address}");
        await server.Stopped;
    }

    private static async Task Echo(Conn conn)
    {
        byte[] buffer = new byte[4096];
        int n;
        while ((n = await conn.ReadAsync(buffer)) > 0)
        {
            await conn.WriteAsync(buffer.AsMemory(0, n));
        }
    }

    private static async Task ReadWithDeadline(Conn conn, byte[] buffer)
    {
        conn.SetReadDeadline(Deadline.After(TimeSpan.FromSeconds(30)));
        IoResult result = await conn.TryReadAsync(buffer);
        if (result.Error is { Timeout: true })
        {
            return;
        }

        Assert.Equal(1, result.Count);
    }
}
