using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.ReceiveAhead;

/// <summary>
/// A Close that meets arriving data or the peer's own close, and a connection that has the slot and the descriptor at once afterwards:
/// it sees its own bytes only.
/// </summary>
public sealed class CloseAgainstDataTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Rounds = 2000;
    private const byte Old = 0xEE;
    private const byte New = 0x11;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    [Theory, ClassData(typeof(Backends))]
    public Task Close_on_the_loop(BackendKind backend) => Race(backend, conn =>
    {
        conn.Close();
        return Task.CompletedTask;
    });

    [Theory, ClassData(typeof(Backends))]
    public Task Close_off_the_loop(BackendKind backend) => Race(backend, conn => Task.Run(conn.Close));

    private Task Race(BackendKind backend, Func<Conn, Task> close) => RunOnLoop(
        backend,
        async t =>
        {
            int before = FdLeakGuard.CountSockets();
            using (PlainPeers peers = new(t))
            {
                byte[] old = new byte[700];
                byte[] young = new byte[300];
                old.AsSpan().Fill(Old);
                young.AsSpan().Fill(New);
                for (int i = 0; i < Rounds; i++)
                {
                    (Conn conn, Socket peer) = await peers.ConnectArmed();
                    byte[] buffer = new byte[1000];
                    byte[] nextBuffer = new byte[1000];
                    Task<IoResult>? read = i % 2 == 0 ? conn.TryReadAsync(buffer).AsTask() : null;
                    Task sending = Task.Run(() => SendAndEnd(peer, old, i));
                    if (i % 4 == 1)
                    {
                        await Task.Yield(); // the loop may look in between
                    }

                    await close(conn);

                    // The next one takes over while the other's last bytes may still be on their way to the loop.
                    (Conn next, Socket nextPeer) = await peers.Connect();
                    ValueTask<IoResult> nextRead = next.TryReadAsync(nextBuffer);
                    nextPeer.Send(young);
                    IoResult got = await nextRead;
                    Assert.Equal(new IoResult(young.Length, null), got);
                    Assert.Equal(young, nextBuffer.AsSpan(0, young.Length).ToArray());
                    if (read is not null)
                    {
                        IoResult result = await read;
                        Assert.True(
                            result is { Count: > 0, Error: null } or { Count: 0, Error.Kind: OpErrorKind.Closed } or { Count: 0, Error: null }
                                || result.Error?.Errno == Kernel.ErrnoOf("ECONNRESET"),
                            result.ToString());
                        Assert.DoesNotContain(New, buffer.AsSpan(0, result.Count).ToArray());
                    }

                    await sending;
                    peer.Dispose();
                    next.Close();
                    Assert.Equal(0, nextPeer.Receive(buffer));
                    nextPeer.Dispose();
                }

                await peers.Turn();
            }

            t.Dispose();

            // A Close off the loop ends a moment after its call.
            await KernelView.Until(() => FdLeakGuard.CountSockets() <= before);
        },
        s_limit);

    private static void SendAndEnd(Socket peer, byte[] bytes, int i)
    {
        try
        {
            peer.Send(bytes);
            switch (i % 3)
            {
                case 0:
                    peer.Shutdown(SocketShutdown.Send);
                    break;
                case 1:
                    PlainPeers.Reset(peer);
                    break;
            }
        }
        catch (SocketException)
        {
            // The other side was quicker.
        }
    }
}
