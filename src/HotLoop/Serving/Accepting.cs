using System.Threading.Tasks.Sources;
using HotLoop.Native;
using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop.Serving;

/// <summary>Takes a connection off the kernel's queue. One for each listener, used under its read lock.</summary>
internal sealed class Accepting(Listener owner) : ResultOperation<AcceptResult>, IValueTaskSource<Conn>
{
    private Loop? _caller;

    // Made at once, so that a connection whose accept is never awaited is closed by the garbage collector.
    private Conn? _accepted;

    /// <summary>Before each operation: for code on <paramref name="caller"/> (null: on no loop).</summary>
    internal void Prepare(Loop? caller) => _caller = caller;

    /// <summary>The task of a parked accept that throws.</summary>
    internal ValueTask<Conn> ThrowingParkedIn(SocketSlot slot)
    {
        Bind(slot);
        return new ValueTask<Conn>(this, slot.Version);
    }

    internal override void Clear() => _caller = null;

    public override AcceptResult ToResult(int code)
    {
        Conn? accepted = _accepted;
        _accepted = null;
        return accepted is not null ? new AcceptResult(accepted, null) : new AcceptResult(null, owner.CreateError(code));
    }

    Conn IValueTaskSource<Conn>.GetResult(short token)
    {
        AcceptResult result = Take(token);
        return result.Conn ?? throw result.Error!;
    }

    internal override int Try(SocketFd fd)
    {
        int code;
        RawAddress peer;
        do
        {
            code = fd.Poll.TryAccept(out peer);
        }
        while (code == -Errno.ECONNABORTED); // it went away while it was queued: not the caller's concern

        if (code >= 0)
        {
            _accepted = owner.MakeConn(code, peer, _caller);
        }

        return code;
    }
}
