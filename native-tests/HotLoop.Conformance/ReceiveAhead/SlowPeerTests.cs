using System.Net.Sockets;
using HotLoop.Conformance.Streams;
using HotLoop.TestKit;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>One side that does not read while the other one writes.</summary>
public sealed class SlowPeerTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Narrow = 64 * 1024;
    private const int Mebibyte = 1024 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    [Theory, ClassData(typeof(Backends))]
    public Task A_write_to_a_peer_that_never_reads_ends_at_its_deadline_with_the_right_count(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < 20; i++)
            {
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                conn.SetWriteDeadline(Timing.In(30));
                ValueTask<IoResult> write = conn.TryWriteAsync(NumberedBytes.Make(0, 16 * Mebibyte));
                Assert.False(write.IsCompleted);
                await peers.Turn(); // others go on
                IoResult result = await write;
                Assert.True(result.Error!.Timeout);
                conn.SetWriteDeadline(Deadline.None);
                conn.Close();
                Assert.Equal(result.Count, ReceiveAll(peer));
                peer.Dispose();
            }
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task What_is_received_ahead_for_one_that_does_not_read_is_bounded(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            (Conn conn, Socket peer) = await peers.ConnectArmed();
            conn.SetReadBuffer(Narrow);
            peer.SendBufferSize = Narrow;
            peer.Blocking = false;
            byte[] part = NumberedBytes.Make(0, Narrow);
            long sent = 0;
            for (int round = 0; round < 100; round++)
            {
                long before = sent;
                for (int blocked = 0; blocked < 3;)
                {
                    int start = (int)(sent % 251); // where the numbering stands
                    int n = peer.Send(part, start, Narrow - start, SocketFlags.None, out SocketError error);
                    blocked = error == SocketError.WouldBlock ? blocked + 1 : 0;
                    sent += error == SocketError.Success ? n : 0;
                    Assert.True(sent - before < Mebibyte, "the sender is never blocked");
                    await peers.Turn();
                }

                // All, or all but some.
                long left = round % 2 == 0 ? 0 : (sent - before) / 3;
                await PlainPeers.ReadNumbered(conn, before, sent - before - left);
                await PlainPeers.ReadNumbered(conn, sent - left, left);
            }
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task A_reader_that_stops_and_resumes_gets_all_in_order(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            const long Total = 32L * Mebibyte;
            using PlainPeers peers = new(t);
            (Conn conn, Socket peer) = await peers.ConnectArmed();
            Task sending = Task.Run(() =>
            {
                byte[] part = NumberedBytes.Make(0, 251 * 100);
                for (long sent = 0; sent < Total;)
                {
                    sent += peer.Send(part.AsSpan(0, (int)Math.Min(part.Length, Total - sent)));
                }
            });
            long at = 0;
            for (int i = 0; at < Total; i++)
            {
                // In one gulp, in sips, or not for some turns of the loop.
                long count = Math.Min(Total - at, i % 3 == 0 ? 100 : 300_000);
                await PlainPeers.ReadNumbered(conn, at, count);
                at += count;
                for (int turn = 0; turn < i % 5; turn++)
                {
                    await peers.Turn();
                }
            }

            await sending;
        },
        s_limit);

    private static int ReceiveAll(Socket peer)
    {
        byte[] buffer = new byte[256 * 1024];
        int total = 0;
        int n;
        while ((n = peer.Receive(buffer)) > 0)
        {
            NumberedBytes.Check(total, buffer.AsSpan(0, n));
            total += n;
        }

        return total;
    }
}
