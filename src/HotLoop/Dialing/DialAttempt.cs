using HotLoop.Naming;
using HotLoop.Native;
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
        SocketFamily family;
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
            _ = Kernel.Current.Close(fd);
            return Failed(result, "connect");
        }

        SocketHandle handle = loop.Core.Sockets.Open(fd);
        if (result == -Errno.EINPROGRESS)
        {
            result = await FinishConnect(handle, deadline, cancellationToken);
        }

        if (result < 0)
        {
            _ = handle.Abandon();
            return Failed(result, "connect");
        }

        Conn conn = MakeConn(handle);
        if (dialer.Control is not null)
        {
            _ = handle.TryShare();
        }

        return (conn, null);
    }

    // Waits until the kernel has an answer.
    private static async ValueTask<int> FinishConnect(SocketHandle handle, Deadline deadline, CancellationToken cancellationToken)
    {
        _ = handle.TrySetDeadline(deadline.Nanoseconds, ofReads: false, ofWrites: true);
        SlotResult result = await handle.Start<RunCall, ValueTask<SlotResult>>(
            new RunCall(Direction.Write, Connecting.Instance), cancellationToken);
        _ = handle.TrySetDeadline(Deadline.None.Nanoseconds, ofReads: false, ofWrites: true);

        // Once the token was canceled the dial has failed, whatever the kernel said.
        return cancellationToken.IsCancellationRequested ? Outcome.Canceled : result.Code;
    }

    private Conn MakeConn(SocketHandle handle)
    {
        handle.SetNetwork(network);
        RawAddress peer = remote.Raw;
        NetAddress own = new(network.Plain, null, 0);
        if (handle.TryReference())
        {
            own = Endpoint.LocalOf(handle.Descriptor, network);
            if (!network.IsUnix && Kernel.Current.PeerAddress(handle.Descriptor, out RawAddress found) >= 0)
            {
                peer = found;
            }

            handle.Release();
        }

        return network.IsUnix
            ? new Conn(handle, network, remote.Shown, own)
            : new Conn(handle, network, peer, own);
    }

    private bool IsAccident(Conn? conn, OpError? error) =>
        network.IsTcp
        && (local is null || local.Value.Raw.Port == 0)
        && (conn is null ? error!.Errno == Errno.EADDRNOTAVAIL : conn.LocalAddress.Equals(conn.Peer));

    private (Conn? Conn, OpError? Error) Failed(int code, string call) =>
        (null, OpError.FromCode("dial", network.Name, local?.Shown, remote.Shown, code, call));
}
