using System.Globalization;
using System.Net.Sockets;
using HotLoop.Conformance.Streams;
using HotLoop.TestKit;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>More unread bytes than a poller that receives ahead has memory for.</summary>
public sealed class BuffersRunOutTests(LoopsFixture loops) : ConformanceTests(loops)
{
    // One buffer each is more than there are.
    private const int Connections = 1200;
    private const int MessageBytes = 700;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    [Theory, ClassData(typeof(Backends))]
    public Task Who_does_not_read_starves_nobody_and_loses_nothing(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            List<(Conn Conn, Socket Peer)> slow = [];
            List<(Conn Conn, Socket Peer)> quick = [];
            for (int i = 0; i < Connections; i++)
            {
                slow.Add(await peers.ConnectArmed());
            }

            for (int i = 0; i < 20; i++)
            {
                quick.Add(await peers.ConnectArmed());
            }

            for (int round = 0; round < 3; round++)
            {
                for (int i = 0; i < Connections; i++)
                {
                    slow[i].Peer.Send(NumberedBytes.Make(i + round, MessageBytes));
                }

                for (int i = 0; i < 10; i++)
                {
                    foreach ((Conn conn, Socket peer) in quick)
                    {
                        await PlainPeers.RoundTrip(conn, peer);
                    }
                }

                for (int i = 0; i < Connections; i++)
                {
                    await PlainPeers.ReadNumbered(slow[i].Conn, i + round, MessageBytes);
                }
            }
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task Who_connects_when_there_are_no_buffers_is_served(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            List<(Conn Conn, Socket Peer)> slow = [];
            for (int i = 0; i < Connections; i++)
            {
                slow.Add(await peers.ConnectArmed());
            }

            slow.ForEach(s => s.Peer.Send(NumberedBytes.Make(0, MessageBytes)));
            for (int i = 0; i < 200; i++)
            {
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                await PlainPeers.RoundTrip(conn, peer);
                if (i % 2 == 0)
                {
                    conn.Close();
                    Assert.Equal(0, peer.Receive(new byte[1]));
                }
            }

            foreach ((Conn conn, _) in slow)
            {
                await PlainPeers.ReadNumbered(conn, 0, MessageBytes);
            }
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task Memory_is_bound_by_the_buffers_and_not_by_what_is_sent(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            const int Senders = 64;
            const int Mebibyte = 1024 * 1024;
            using PlainPeers peers = new(t);
            List<(Conn Conn, Socket Peer)> pairs = [];
            for (int i = 0; i < Senders; i++)
            {
                pairs.Add(await peers.ConnectArmed());
                pairs[i].Peer.Blocking = false;
            }

            await peers.Turn();
            byte[] part = NumberedBytes.Make(0, Mebibyte);
            long[] sent = new long[Senders];
            long before = ResidentBytes();
            for (int turn = 0; turn < 10; turn++)
            {
                for (int i = 0; i < Senders; i++)
                {
                    int start = (int)(sent[i] % 251); // where the numbering stands
                    int n = pairs[i].Peer.Send(part, start, (int)Math.Min(Mebibyte - start, Mebibyte - sent[i]), SocketFlags.None, out SocketError error);
                    Assert.True(error is SocketError.Success or SocketError.WouldBlock, error.ToString());
                    sent[i] += error == SocketError.Success ? n : 0;
                }

                await peers.Turn();
            }

            long grown = ResidentBytes() - before;
            Assert.True(sent.Sum() > 32L * Mebibyte, $"only {sent.Sum()} bytes are unread");
            Assert.True(grown < 16 * Mebibyte, $"{grown} bytes for {sent.Sum()} unread");
            for (int i = 0; i < Senders; i++)
            {
                await PlainPeers.ReadNumbered(pairs[i].Conn, 0, sent[i]);
            }
        },
        s_limit);

    private static long ResidentBytes() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
