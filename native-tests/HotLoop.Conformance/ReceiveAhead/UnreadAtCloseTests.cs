using System.Net.Sockets;
using HotLoop.Conformance.Streams;
using HotLoop.TestKit;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>Connections that are closed with bytes the loop has looked at and nobody has read; more of them than there are buffers.</summary>
public sealed class UnreadAtCloseTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Rounds = 1500;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    [Theory, ClassData(typeof(Backends))]
    public Task The_peer_sees_a_reset(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < Rounds; i++)
            {
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                peer.Send(NumberedBytes.Make(0, 700));
                await peers.Turn();
                if (i % 3 == 0)
                {
                    await PlainPeers.ReadNumbered(conn, 0, 300); // part of it
                }

                await Close(conn, i);
                Assert.Equal((0, SocketError.ConnectionReset), Receive(peer));
                peer.Dispose();
            }

            await AllBuffersAreThere(peers);
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task Even_when_its_end_of_the_stream_had_come(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < Rounds; i++)
            {
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                peer.Send(NumberedBytes.Make(0, 700));
                peer.Shutdown(SocketShutdown.Send);
                await peers.Turn();
                await Close(conn, i);
                Assert.Equal((0, SocketError.ConnectionReset), Receive(peer));
                peer.Dispose();
            }

            await AllBuffersAreThere(peers);
        },
        s_limit);

    [Theory, ClassData(typeof(Backends))]
    public Task With_everything_read_it_sees_the_end(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < Rounds; i++)
            {
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                peer.Send(NumberedBytes.Make(0, 700));
                await peers.Turn();
                await PlainPeers.ReadNumbered(conn, 0, 700);
                await Close(conn, i);
                Assert.Equal((0, SocketError.Success), Receive(peer));
                peer.Dispose();
            }

            await AllBuffersAreThere(peers);
        },
        s_limit);

    // A linger time is for what was sent, and there is nothing of that.
    [Theory, ClassData(typeof(Backends))]
    public Task A_linger_time_changes_nothing_of_that(BackendKind backend) => RunOnLoop(
        backend,
        async t =>
        {
            using PlainPeers peers = new(t);
            for (int i = 0; i < 100; i++)
            {
                bool unread = i % 2 == 0;
                (Conn conn, Socket peer) = await peers.ConnectArmed();
                conn.SetLinger(1);
                peer.Send(NumberedBytes.Make(0, 700));
                await peers.Turn();
                if (!unread)
                {
                    await PlainPeers.ReadNumbered(conn, 0, 700);
                }

                await Close(conn, i / 2);
                Assert.Equal((0, unread ? SocketError.ConnectionReset : SocketError.Success), Receive(peer));
                peer.Dispose();
            }
        },
        s_limit);

    // On the loop and off the loop.
    private static Task Close(Conn conn, int i)
    {
        if (i % 2 == 0)
        {
            conn.Close();
            return Task.CompletedTask;
        }

        return Task.Run(conn.Close);
    }

    private static (int Count, SocketError Error) Receive(Socket peer) =>
        (peer.Receive(new byte[1], 0, 1, SocketFlags.None, out SocketError error), error);

    private static async Task AllBuffersAreThere(PlainPeers peers)
    {
        (Conn conn, Socket peer) = await peers.ConnectArmed();
        for (int i = 0; i < 100; i++)
        {
            peer.Send(NumberedBytes.Make(i, 1500));
            await peers.Turn();
            await PlainPeers.ReadNumbered(conn, i, 1500);
        }
    }
}
