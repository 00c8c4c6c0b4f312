using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Native.Linux;
using HotLoop.Parking;
using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop.Dialing;

/// <summary>One connect to one address.</summary>
internal sealed class DialAttempt(Dialer dialer, Network network, Endpoint remote, Endpoint? local)
{
    // A connect from a port of the kernel's choice may, rarely, meet itself or find no port; as Go, it is tried again.
    private const int Tries = 3;

    internal async Task<(Conn? Conn, OpError? Error)> RunAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        for (int i = 1; ; i++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return Failed(Outcome.Canceled, "connect");
            }

            if (!deadline.IsNone && deadline.Nanoseconds <= Scheduler.CurrentClock.Now)
            {
                return Failed(Outcome.DeadlineExceeded, "connect");
            }

            (Conn? conn, OpError? error) = await TryOnceAsync(deadline, cancellationToken);
            if (i == Tries || !IsAccident(conn, error))
            {
                return (conn, error);
            }

            conn?.Dispose();
        }
    }

    private async ValueTask<(Conn? Conn, OpError? Error)> TryOnceAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        Loop loop = (dialer.Loops ?? LoopGroup.Default).Choose(); // may fail: before there is a descriptor
        int fd;
        int family;
        string call;
        try
        {
            fd = SocketFactory.ForDial(
                new SocketRequest(network, dialer.KeepAlive, dialer.Control), remote, local, out family, out call);
        }
        catch (ControlException e)
        {
            return (null, OpError.FromControl("dial", network.Name, local?.Shown, remote.Shown, e.InnerException!));
        }

        if (fd < 0)
        {
            return Failed(fd, call);
        }

        int result = remote.Connect(fd, family);
        if (result < 0 && result != -Errno.EINPROGRESS)
        {
            _ = Syscall.Close(fd);
            return Failed(result, "connect");
        }

        SocketFd socket = loop.Core.Sockets.Open(fd, out uint generation);
        if (result == -Errno.EINPROGRESS)
        {
            result = await FinishConnect(socket, generation, deadline, cancellationToken);
        }

        if (result < 0)
        {
            socket.Close(generation);
            return Failed(result, "connect");
        }

        Conn conn = MakeConn(socket, generation);
        if (dialer.Control is not null)
        {
            conn.MayHaveDuplicates();
        }

        return (conn, null);
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

        // A token ends the wait by a deadline long ago: that is sticky, so it cannot come between check and wait.
        await using (cancellationToken.UnsafeRegister(static s => ((WriteSlot)s!).SetDeadline(Deadline.Past.Nanoseconds), slot))
        {
            if (slot.TryRun(Connecting.Instance, owner: null, out result))
            {
                socket.EndOperation(Direction.Write);
            }
            else
            {
                result = (await new ValueTask<SlotResult>(slot, slot.Version)).Code;
            }
        }

        // The registration is gone: no callback can come any more, and if one came the dial has failed, whatever the
        // kernel said.
        slot.SetDeadline(0);
        return cancellationToken.IsCancellationRequested ? Outcome.Canceled : result;
    }

    private Conn MakeConn(SocketFd socket, uint generation)
    {
        socket.SetNetwork(network, generation);
        RawAddress peer = remote.Raw;
        NetAddress own = new(network.Plain, null, 0);
        if (socket.TryReference(generation))
        {
            own = Endpoint.LocalOf(socket.Descriptor, network);
            if (!network.IsUnix && Syscall.PeerAddress(socket.Descriptor, out RawAddress found) >= 0)
            {
                peer = found;
            }

            socket.Release();
        }

        return network.IsUnix
            ? new Conn(socket, generation, network, remote.Shown, own)
            : new Conn(socket, generation, network, peer, own);
    }

    private bool IsAccident(Conn? conn, OpError? error) =>
        network.IsTcp
        && (local is null || local.Value.Raw.Port == 0)
        && (conn is null ? error!.Errno == Errno.EADDRNOTAVAIL : conn.LocalAddress.Equals(conn.Peer));

    private (Conn? Conn, OpError? Error) Failed(int code, string call) =>
        (null, OpError.FromCode("dial", network.Name, local?.Shown, remote.Shown, code, call));
}
