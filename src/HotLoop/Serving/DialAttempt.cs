using HotLoop.Native;
using HotLoop.Native.Linux;
using HotLoop.Parking;
using HotLoop.Sockets;

namespace HotLoop.Serving;

/// <summary>One connect to one address.</summary>
internal sealed class DialAttempt(string network, TcpEndpoint remote, TcpEndpoint? local, TimeSpan keepAlive, Loop loop)
{
    // A deadline long ago, by which a cancellation token ends the wait: sticky, so it cannot come between check and wait.
    private const long LongAgo = 1;

    internal async Task<(Conn? Conn, OpError? Error)> RunAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Failed(Outcome.Canceled, "connect");
        }

        if (!deadline.IsNone && deadline.Nanoseconds <= Timers.Clock.Now)
        {
            return Failed(Outcome.DeadlineExceeded, "connect");
        }

        int fd = TcpSocket.ForDial(remote, local, network, keepAlive, out int family, out string call);
        if (fd < 0)
        {
            return Failed(fd, call);
        }

        RawAddress target = remote.HasHost
            ? remote.Raw
            : new RawAddress(new byte[family == LibC.AF_INET ? 4 : 16], remote.Raw.Port, 0);
        int result = Syscall.Connect(fd, target, family);
        if (result < 0 && result != -Errno.EINPROGRESS)
        {
            _ = Syscall.Close(fd);
            return Failed(result, "connect");
        }

        SocketFd socket = loop.Thread.Sockets.Open(fd, out uint generation);
        RawAddress peer = target;
        if (result == -Errno.EINPROGRESS)
        {
            (result, peer) = await FinishConnect(socket, generation, deadline, cancellationToken);
        }

        if (result < 0)
        {
            socket.Close(generation);
            return Failed(result, "connect");
        }

        return (MakeConn(socket, generation, peer), null);
    }

    // Waits under the write lock until the kernel has an answer.
    private static async ValueTask<(int Result, RawAddress Peer)> FinishConnect(
        SocketFd socket, uint generation, Deadline deadline, CancellationToken cancellationToken)
    {
        if (socket.TryAcquire(Direction.Write, generation) != LockResult.Acquired)
        {
            return (Outcome.Closed, default);
        }

        try
        {
            WriteSlot slot = socket.Writer;
            slot.TakeReady();
            slot.SetDeadline(deadline.Nanoseconds);
            int result;
            RawAddress peer;
            await using (cancellationToken.UnsafeRegister(static s => ((WriteSlot)s!).SetDeadline(LongAgo), slot))
            {
                (result, peer) = await WaitForAnswer(socket, slot);
            }

            // The registration is gone: no callback can come any more, and if one came the dial has failed, whatever the
            // kernel said.
            slot.SetDeadline(0);
            return cancellationToken.IsCancellationRequested ? (Outcome.Canceled, peer) : (result, peer);
        }
        finally
        {
            socket.EndOperation(Direction.Write);
        }
    }

    private static async ValueTask<(int Result, RawAddress Peer)> WaitForAnswer(SocketFd socket, WriteSlot slot)
    {
        while (true)
        {
            WaitResult wait = await slot.WaitAsync();
            if (wait.Code < 0)
            {
                return (wait.Code, default);
            }

            int result = Syscall.GetOption(socket.Descriptor, LibC.SOL_SOCKET, LibC.SO_ERROR, out int error);
            if (result < 0 || error != 0)
            {
                return (result < 0 ? result : -error, default);
            }

            // A spurious wake-up shows no error either: connected is who has a peer.
            if (Syscall.PeerAddress(socket.Descriptor, out RawAddress peer) >= 0)
            {
                return (0, peer);
            }
        }
    }

    private Conn MakeConn(SocketFd socket, uint generation, in RawAddress peer)
    {
        RawAddress shownPeer = peer;
        RawAddress own = default;
        if (socket.TryReference(generation))
        {
            if (!remote.HasHost || remote.IsWildcard)
            {
                _ = Syscall.PeerAddress(socket.Descriptor, out shownPeer);
            }

            _ = Syscall.LocalAddress(socket.Descriptor, out own);
            socket.Release();
        }

        return new Conn(socket, generation, shownPeer, TcpEndpoint.ToNetAddress(own));
    }

    private (Conn? Conn, OpError? Error) Failed(int code, string call) =>
        (null, OpError.FromCode("dial", network, local?.Shown, remote.Shown, code, call));
}
