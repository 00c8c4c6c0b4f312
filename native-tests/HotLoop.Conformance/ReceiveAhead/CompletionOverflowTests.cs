using System.Net.Sockets;
using HotLoop.Conformance.Streams;
using HotLoop.TestKit;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>
/// More to tell than a queue has room for: everything is sent from the loop's own thread, so the loop cannot look before the last byte
/// is there.
/// </summary>
public sealed class CompletionOverflowTests(LoopsFixture loops) : ConformanceTests(loops)
{
    // More than a queue of io_uring holds in Release; and their peers, and some more.
    private const int Crowd = 4500;
    private const int Descriptors = (2 * Crowd) + 500;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    [DescriptorTheory(Descriptors), ClassData(typeof(Backends))]
    public Task Waiting_reads_that_all_get_data_at_once_all_end_with_it(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            (Conn Conn, Socket Peer)[] pairs = new (Conn, Socket)[Crowd];
            byte[][] buffers = [.. pairs.Select(_ => new byte[16])];
            ValueTask<IoResult>[] reads = new ValueTask<IoResult>[Crowd];
            for (int i = 0; i < Crowd; i++)
            {
                pairs[i] = await peers.ConnectArmed();
            }

            for (int round = 0; round < 3; round++)
            {
                for (int i = 0; i < Crowd; i++)
                {
                    reads[i] = pairs[i].Conn.TryReadAsync(buffers[i]);
                }

                for (int i = 0; i < Crowd; i++)
                {
                    pairs[i].Peer.Send(BitConverter.GetBytes(i + round));
                }

                for (int i = 0; i < Crowd; i++)
                {
                    Assert.Equal(new IoResult(sizeof(int), null), await reads[i]);
                    Assert.Equal(i + round, BitConverter.ToInt32(buffers[i]));
                }
            }
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task Streams_go_on_in_order_after_each_overflow(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            const int Connections = 60;
            const int Parts = 20;
            const int PartBytes = 100;
            using PlainPeers peers = new(t);
            List<(Conn Conn, Socket Peer)> pairs = [];
            for (int i = 0; i < Connections; i++)
            {
                (Conn Conn, Socket Peer) pair = await peers.Connect();
                pairs.Add(pair);

                // A third of them by events for good, which overflow too.
                await (i % 3 == 0 ? Task.Run(() => peers.Arm(pair.Conn, pair.Peer)) : peers.Arm(pair.Conn, pair.Peer));
            }

            long at = 0;
            for (int round = 0; round < 50; round++)
            {
                // Every other round finds reads that wait, the others find nobody.
                Task[] reads = round % 2 == 0 ? [] : Reads();
                for (int part = 0; part < Parts; part++)
                {
                    foreach ((_, Socket peer) in pairs)
                    {
                        peer.Send(NumberedBytes.Make(at + (part * PartBytes), PartBytes));
                    }
                }

                if (round % 3 == 0)
                {
                    await peers.Turn();
                }

                await Task.WhenAll(reads.Length > 0 ? reads : Reads());
                at += Parts * PartBytes;
            }

            Task[] Reads() => [.. pairs.Select(p => PlainPeers.ReadNumbered(p.Conn, at, Parts * PartBytes))];
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task Closes_in_the_middle_of_it_take_effect_at_once(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            const int Connections = 60;
            using PlainPeers peers = new(t);
            for (int round = 0; round < 20; round++)
            {
                List<(Conn Conn, Socket Peer)> pairs = [];
                for (int i = 0; i < Connections; i++)
                {
                    pairs.Add(await peers.ConnectArmed());
                }

                ValueTask<IoResult>[] reads = [.. pairs.Select(p => Scenario.Read(p.Conn))];
                pairs.ForEach(p => p.Peer.Send("0123456789"u8));

                // Each second one, before anybody has looked: its peer is told, although the others' bytes fill the queue.
                for (int i = 0; i < Connections; i += 2)
                {
                    pairs[i].Conn.Close();
                    Assert.Equal(SocketError.ConnectionReset, Receive(pairs[i].Peer));
                }

                for (int i = 0; i < Connections; i++)
                {
                    IoResult result = await reads[i];
                    Assert.True(
                        i % 2 == 0 ? result is { Count: 0, Error.Kind: OpErrorKind.Closed } : result is { Count: 10, Error: null },
                        $"{i}: {result}");
                }

                pairs.ForEach(p => p.Peer.Dispose());
                foreach ((Conn conn, _) in pairs.Where((_, i) => i % 2 != 0))
                {
                    Assert.Equal(new IoResult(0, null), await Scenario.Read(conn));
                    conn.Close();
                }
            }
        },
        s_limit);

    private static SocketError Receive(Socket peer)
    {
        _ = peer.Receive(new byte[1], 0, 1, SocketFlags.None, out SocketError error);
        return error;
    }
}
