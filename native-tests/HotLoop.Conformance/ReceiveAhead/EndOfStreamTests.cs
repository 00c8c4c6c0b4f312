using System.Net.Sockets;
using HotLoop.Conformance.Streams;
using HotLoop.TestKit;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>The end of the stream that comes together with its last bytes, or right behind them: bytes first, all of them, then the end.</summary>
public sealed class EndOfStreamTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Rounds = 2000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    // Around the sizes of a poller's buffers, small and large.
    private static readonly int[] s_sizes = [1, 255, 256, 257, 700, 4095, 4096, 4097, 3 * 4096, 20_000];

    [Theory, ClassData(typeof(Backends))]
    public Task A_waiting_read_gets_all_bytes_and_then_the_end(BackendKind backend) => RunOnLoop(
        backend,
        t => Repeat(t, (conn, peer, i) =>
        {
            Task reading = ReadToEnd(conn, SizeOf(i), ReaderSizeOf(i), reset: false);
            Assert.False(reading.IsCompleted);
            SendAndEnd(peer, i);
            return reading;
        }),
        s_limit);

    // The peer's thread and the loop meet anywhere between the bytes and the end.
    [Theory, ClassData(typeof(Backends))]
    public Task So_does_one_that_waits_while_another_thread_sends(BackendKind backend) => RunOnLoop(
        backend,
        t => Repeat(t, (conn, peer, i) =>
        {
            Task reading = ReadToEnd(conn, SizeOf(i), ReaderSizeOf(i), reset: false);
            return Task.WhenAll(reading, Task.Run(() => SendAndEnd(peer, i)));
        }),
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task A_reader_that_comes_later_finds_the_same(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < Rounds; i++)
            {
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                SendAndEnd(peer, i);
                await peers.Turn();
                await ReadToEnd(conn, SizeOf(i), ReaderSizeOf(i), reset: false);
                conn.Close();
                peer.Dispose();
            }
        },
        s_limit);

    // Of a connection whose first read has not reached the kernel when both are there, too.
    [Theory, ClassData(typeof(Backends))]
    public Task Bytes_that_a_reset_follows_are_read_before_it_is_told(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < Rounds; i++)
            {
                (Conn conn, Socket peer) = i % 5 == 0 ? await peers.Connect() : await peers.ConnectArmed();
                Task? reading = i % 2 == 0 ? ReadToEnd(conn, SizeOf(i), ReaderSizeOf(i), reset: true) : null;
                peer.Send(NumberedBytes.Make(0, SizeOf(i)));
                if (i % 3 == 0)
                {
                    await peers.Turn();
                }

                PlainPeers.Reset(peer);
                await (reading ?? ReadToEnd(conn, SizeOf(i), ReaderSizeOf(i), reset: true));
                conn.Close();
            }
        },
        s_limit);

    private static async Task Repeat(Scenario t, Func<Conn, Socket, int, Task> round)
    {
        using PlainPeers peers = new(t);
        for (int i = 0; i < Rounds; i++)
        {
            (Conn conn, Socket peer) = i % 5 == 0 ? await peers.Connect() : await peers.ConnectArmed();
            await round(conn, peer, i);
            conn.Close();
            peer.Dispose();
        }
    }

    private static int SizeOf(int i) => s_sizes[i % s_sizes.Length];

    private static int ReaderSizeOf(int i) => (i / s_sizes.Length % 4) switch
    {
        0 => 64 * 1024,
        1 => 256,
        2 => 1000,
        _ => SizeOf(i), // exactly what comes
    };

    private static void SendAndEnd(Socket peer, int i)
    {
        byte[] bytes = NumberedBytes.Make(0, SizeOf(i));
        if (i % 4 == 3)
        {
            peer.Send(bytes.AsSpan(0, 1));
            peer.Send(bytes.AsSpan(1));
        }
        else
        {
            peer.Send(bytes);
        }

        if (i % 2 == 0)
        {
            peer.Shutdown(SocketShutdown.Send);
        }
        else
        {
            peer.Dispose();
        }
    }

    private static async Task ReadToEnd(Conn conn, int count, int readerSize, bool reset)
    {
        byte[] buffer = new byte[readerSize];
        int at = 0;
        IoResult result;
        while ((result = await conn.TryReadAsync(buffer)).Count > 0)
        {
            NumberedBytes.Check(at, buffer.AsSpan(0, result.Count));
            at += result.Count;
        }

        Assert.Equal(count, at);
        Assert.Equal(reset ? Kernel.ErrnoOf("ECONNRESET") : null, result.Error?.Errno);

        // The end stays; a reset is told once.
        Assert.Equal(new IoResult(0, null), await conn.TryReadAsync(buffer));
    }
}
