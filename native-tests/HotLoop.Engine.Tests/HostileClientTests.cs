using System.Diagnostics;
using System.Net.Sockets;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

/// <summary>What one client does wrong, the others do not notice.</summary>
public class HostileClientTests
{
    private const long Flood = 64 << 20;
    private const long MemoryAllowance = 16 << 20;

    [Fact]
    public async Task A_client_that_resets_while_it_is_echoed_harms_nobody()
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync();
        using Client other = await Client.ConnectAsync(engine.EndPoint);
        for (int i = 0; i < 50; i++)
        {
            Client client = await Client.ConnectAsync(engine.EndPoint);
            await client.SendAsync(new byte[200_000]);
            client.Reset();
            await other.EchoAsync((byte)i);
        }

        await AssertEndsCleanAsync(engine, other);
    }

    // The server writes to a socket whose other end is gone, which raises SIGPIPE in a program that does not care.
    [Fact]
    public async Task A_client_that_closes_while_the_server_writes_harms_nobody()
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync();
        using Client other = await Client.ConnectAsync(engine.EndPoint);
        for (int i = 0; i < 50; i++)
        {
            using Client client = await Client.ConnectAsync(engine.EndPoint);
            await client.SendAsync(new byte[200_000]);
            client.Dispose();
            await other.EchoAsync((byte)i);
        }

        await AssertEndsCleanAsync(engine, other);
    }

    [Fact]
    public async Task Clients_that_connect_and_leave_at_once_harm_nobody()
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync();
        using Client other = await Client.ConnectAsync(engine.EndPoint);
        for (int i = 0; i < 100; i++)
        {
            (await Client.ConnectAsync(engine.EndPoint)).Reset();
            (await Client.ConnectAsync(engine.EndPoint)).Dispose();
        }

        await AssertEndsCleanAsync(engine, other);
    }

    [Fact]
    public async Task A_client_that_sends_and_never_reads_is_held_back()
    {
        await using EngineProcess engine = await EngineProcess.EchoAsync("--drain", "0");
        using Client other = await Client.ConnectAsync(engine.EndPoint);
        await other.EchoAsync();
        long memory = engine.ResidentBytes;

        using Client flooder = await Client.ConnectAsync(engine.EndPoint);
        long sent = SendUntilHeldBack(flooder.Socket);
        Assert.True(sent < Flood, "Nothing held the client back.");
        for (int i = 0; i < 100; i++)
        {
            await other.EchoAsync((byte)i);
        }

        Assert.InRange(engine.ResidentBytes - memory, long.MinValue, MemoryAllowance);

        // What it was held back with comes once it reads.
        for (long got = 0; got < sent;)
        {
            got += (await flooder.ReceiveAsync((int)Math.Min(1 << 16, sent - got))).Length;
        }

        flooder.Dispose();
        await AssertEndsCleanAsync(engine, other);
    }

    // The kernel's buffers on the way take some MiB; then the socket is not writable any more, for good.
    private static long SendUntilHeldBack(Socket socket)
    {
        byte[] piece = new byte[1 << 16];
        long sent = 0;
        socket.Blocking = false;
        while (sent < Flood && socket.Poll(TimeSpan.FromMilliseconds(500), SelectMode.SelectWrite))
        {
            sent += socket.Send(piece, 0, piece.Length, SocketFlags.None, out SocketError error);
            Assert.True(error is SocketError.Success or SocketError.WouldBlock, $"{error}");
        }

        return sent;
    }

    private static async Task AssertEndsCleanAsync(EngineProcess engine, Client other)
    {
        await other.EchoAsync();
        await WaitForSocketsAsync(engine, other);
        other.Dispose();
        engine.Send(Signal.Terminate);
        Assert.Equal(0, await engine.ExitAsync());
        Assert.Empty(await engine.Errors.ToEndAsync());
    }

    // Two listeners, the last client, and one of the runtime. The others must go, but the server learns of them in its own time.
    private static async Task WaitForSocketsAsync(EngineProcess engine, Client other)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (Descriptors.SocketCount(engine.Id) > 4)
        {
            Assert.True(watch.Elapsed < EngineProcess.Patience, "The server keeps sockets of clients that are gone.");
            await other.EchoAsync();
        }
    }
}
