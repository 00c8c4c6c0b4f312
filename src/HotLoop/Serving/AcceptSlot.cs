using System.Threading.Tasks.Sources;
using HotLoop.Native;
using HotLoop.Sockets;

namespace HotLoop.Serving;

/// <summary>The read half of a listening socket: takes connections off the kernel's queue.</summary>
internal sealed class AcceptSlot(SocketFd fd) : SocketSlot(fd), IValueTaskSource<AcceptResult>, IValueTaskSource<Conn>
{
    private Listener? _owner;
    private Loop? _caller;

    // Made at once, so that a connection whose accept is never awaited is closed by the garbage collector.
    private Conn? _accepted;

    private protected override Direction Direction => Direction.Read;

    private protected override bool AlwaysTries => true;

    /// <summary>
    /// Starts an accept for code on <paramref name="caller"/> (null: on no loop). See <see cref="SocketSlot"/> for what true and false mean.
    /// </summary>
    internal bool TryAccept(Listener owner, Loop? caller, out AcceptResult result)
    {
        _owner = owner;
        _caller = caller;
        _accepted = null;
        if (!TryStart(out int code))
        {
            result = default;
            return false;
        }

        result = ToResult(code, owner, _accepted);
        Clear();
        return true;
    }

    AcceptResult IValueTaskSource<AcceptResult>.GetResult(short token)
    {
        int code = TakeCode(token, out bool endPending);
        Listener owner = _owner!;
        Conn? accepted = _accepted;
        Clear();
        _ = EndTaken(endPending);
        return ToResult(code, owner, accepted);
    }

    Conn IValueTaskSource<Conn>.GetResult(short token)
    {
        AcceptResult result = ((IValueTaskSource<AcceptResult>)this).GetResult(token);
        return result.Conn ?? throw result.Error!;
    }

    private protected override bool TryOnce(out int code)
    {
        RawAddress peer;
        do
        {
            code = Fd.Table.Poller.TryAccept(Fd.Target, out peer);
        }
        while (code == -Errno.ECONNABORTED); // it went away while it was queued: not the caller's concern

        if (code >= 0)
        {
            _accepted = _owner!.MakeConn(code, peer, _caller);
        }

        return HasEnded(code);
    }

    private static AcceptResult ToResult(int code, Listener owner, Conn? accepted) =>
        accepted is not null ? new AcceptResult(accepted, null) : new AcceptResult(null, owner.CreateError(code));

    private protected override void Clear()
    {
        _owner = null;
        _caller = null;
        _accepted = null;
    }
}
