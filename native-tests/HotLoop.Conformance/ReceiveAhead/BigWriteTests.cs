using System.Net.Sockets;
using System.Security.Cryptography;
using HotLoop.TestKit;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>64 MiB in one call: every byte arrives, in its place.</summary>
public sealed class BigWriteTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Narrow = 64 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);
    private static readonly byte[] s_bytes = Pattern.Bytes(64 * 1024 * 1024);
    private static readonly byte[] s_sum = SHA256.HashData(s_bytes);

    [Theory, ClassData(typeof(Backends))]
    public Task To_a_fast_reader(BackendKind backend) => RunOnLoop(backend, t => Write(t, 1024 * 1024, narrow: false), s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task To_a_slow_reader(BackendKind backend) => RunOnLoop(backend, t => Write(t, 10_000, narrow: true), s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task From_a_peer_while_the_loop_serves_others(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            (Conn conn, Socket peer) = await peers.ConnectArmed();
            Task sending = Task.Run(() =>
            {
                peer.Send(s_bytes);
                peer.Shutdown(SocketShutdown.Send);
            });
            using IncrementalHash sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[100_000];
            int n;
            for (int i = 0; (n = await conn.ReadAsync(buffer)) > 0; i++)
            {
                sum.AppendData(buffer.AsSpan(0, n));
                if (i % 50 == 0)
                {
                    await peers.Turn();
                }
            }

            await sending;
            Assert.Equal(s_sum, sum.GetHashAndReset());
        },
        s_limit);

    private static async Task Write(Scenario t, int readerSize, bool narrow)
    {
        using PlainPeers peers = new(t);
        (Conn conn, Socket peer) = await peers.ConnectArmed();
        if (narrow)
        {
            conn.SetWriteBuffer(Narrow);
            peer.ReceiveBufferSize = Narrow;
        }

        Task<byte[]> receiving = Task.Run(() =>
        {
            using IncrementalHash sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[readerSize];
            int n;
            while ((n = peer.Receive(buffer)) > 0)
            {
                sum.AppendData(buffer.AsSpan(0, n));
            }

            return sum.GetHashAndReset();
        });
        ValueTask<IoResult> write = conn.TryWriteAsync(s_bytes);
        await peers.Turn(); // others go on meanwhile
        Assert.Equal(new IoResult(s_bytes.Length, null), await write);
        conn.CloseWrite();
        Assert.Equal(s_sum, await receiving);
    }
}
