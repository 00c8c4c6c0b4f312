using System.Threading.Tasks.Sources;
using HotLoop.Native;
using HotLoop.Parking;
using HotLoop.Sockets;

namespace HotLoop.Serving;

/// <summary>The read half of a listening socket: takes connections off the kernel's queue.</summary>
internal sealed class AcceptSlot(SocketFd fd) : SocketSlot(fd), IValueTaskSource<AcceptResult>, IValueTaskSource<Conn>
{
    private RawAddress _peer;
    private Listener? _owner;

    /// <summary>
    /// Starts an accept. The caller holds the read lock and a reference. True: it has ended with <paramref name="code"/>, a descriptor
    /// or an error, and the caller gives both back. False: it is parked, and they are the slot's.
    /// </summary>
    internal bool TryAccept(Listener owner, out int code, out RawAddress peer)
    {
        peer = default;
        if (IsDeadlineExceeded)
        {
            code = Outcome.DeadlineExceeded;
            return true;
        }

        bool mayGoOn = !Scheduler.IsCurrent || Scheduler.SpendOperation();
        while (true)
        {
            if (mayGoOn)
            {
                TakeReady();
                code = Accept(out peer);
                if (code != -Errno.EAGAIN)
                {
                    return true;
                }
            }

            code = Fd.EnsureWatched();
            if (code < 0)
            {
                return true;
            }

            BeginCall();
            _owner = owner;
            if (!mayGoOn)
            {
                Yield();
                return false;
            }

            if (TryWait())
            {
                return false;
            }
        }
    }

    AcceptResult IValueTaskSource<AcceptResult>.GetResult(short token)
    {
        int code = TakeCode(token, out bool endPending);
        Listener owner = _owner!;
        RawAddress peer = _peer;
        _owner = null;
        EndTaken(Direction.Read, endPending);
        return owner.MakeResult(code, peer);
    }

    Conn IValueTaskSource<Conn>.GetResult(short token)
    {
        AcceptResult result = ((IValueTaskSource<AcceptResult>)this).GetResult(token);
        return result.Conn ?? throw result.Error!;
    }

    private protected override bool AttemptCall(out int code)
    {
        code = Accept(out _peer);
        return code != -Errno.EAGAIN;
    }

    private int Accept(out RawAddress peer)
    {
        int code;
        do
        {
            code = Fd.Table.Poller.TryAccept(Fd.Target, out peer);
        }
        while (code == -Errno.ECONNABORTED); // it went away while it was queued: not the caller's concern
        return code;
    }
}
