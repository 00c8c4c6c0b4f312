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
        if (result == -Errno.EINPROGRESS)
        {
            result = await FinishConnect(socket, generation, deadline, cancellationToken);
        }

        if (result < 0)
        {
            socket.Close(generation);
            return Failed(result, "connect");
        }

        return (MakeConn(socket, generation), null);
    }

    // Waits until the kernel has an answer.
    private static async ValueTask<int> FinishConnect(
        SocketFd socket, uint generation, Deadline deadline, CancellationToken cancellationToken)
    {
        if (socket.TryAcquire(Direction.Write, generation) != LockResult.Acquired)
        {
            return Outcome.Closed;
        }

        WriteSlot slot = socket.Writer;
        slot.SetDeadline(deadline.Nanoseconds);
        int result;
        await using (cancellationToken.UnsafeRegister(static s => ((WriteSlot)s!).SetDeadline(LongAgo), slot))
        {
            if (slot.TryConnect(out result))
            {
                socket.EndOperation(Direction.Write);
            }
            else
            {
                result = (await new ValueTask<ConnectResult>(slot, slot.Version)).Code;
            }
        }

        // The registration is gone: no callback can come any more, and if one came the dial has failed, whatever the
        // kernel said.
        slot.SetDeadline(0);
        return cancellationToken.IsCancellationRequested ? Outcome.Canceled : result;
    }

    private Conn MakeConn(SocketFd socket, uint generation)
    {
        RawAddress peer = remote.Raw;
        RawAddress own = default;
        if (socket.TryReference(generation))
        {
            _ = Syscall.PeerAddress(socket.Descriptor, out peer);
            _ = Syscall.LocalAddress(socket.Descriptor, out own);
            socket.Release();
        }

        return new Conn(socket, generation, peer, TcpEndpoint.ToNetAddress(own));
    }

    private (Conn? Conn, OpError? Error) Failed(int code, string call) =>
        (null, OpError.FromCode("dial", network, local?.Shown, remote.Shown, code, call));
}
