using System.Threading.Tasks.Sources;
using HotLoop.Buffers;
using HotLoop.Native;

namespace HotLoop.Sockets;

/// <summary>The read half of a socket: receives into the caller's buffer, or into a block rented when data is there.</summary>
internal sealed class ReadSlot(SocketFd fd)
    : SocketSlot(fd), IValueTaskSource<int>, IValueTaskSource<IoResult>, IValueTaskSource<ReadLease>
{
    private Memory<byte> _buffer;
    private Block? _block;
    private bool _lease;
    private IErrorSource? _owner;

    /// <summary>
    /// Starts a receive into <paramref name="buffer"/>. The caller holds the read lock and a reference. True: it has ended with
    /// <paramref name="code"/>, and the caller gives both back. False: it is parked, and they are the slot's.
    /// </summary>
    internal bool TryReceive(Memory<byte> buffer, IErrorSource owner, out int code) =>
        TryStart(buffer, lease: false, owner, out code, out _);

    /// <summary>As <see cref="TryReceive"/>, into a block of the loop's pool that is rented only when data is there.</summary>
    internal bool TryLease(IErrorSource owner, out int code, out Block? block) =>
        TryStart(default, lease: true, owner, out code, out block);

    int IValueTaskSource<int>.GetResult(short token)
    {
        int code = Take(token, out IErrorSource owner, out _);
        if (code < 0)
        {
            throw owner.CreateError("read", code);
        }

        return code;
    }

    IoResult IValueTaskSource<IoResult>.GetResult(short token)
    {
        int code = Take(token, out IErrorSource owner, out _);
        return code >= 0 ? new IoResult(code, null) : new IoResult(0, owner.CreateError("read", code));
    }

    ReadLease IValueTaskSource<ReadLease>.GetResult(short token)
    {
        int code = Take(token, out IErrorSource owner, out Block? block);
        return code >= 0 ? new ReadLease(block, code) : new ReadLease(owner.CreateError("read", code));
    }

    private protected override bool AttemptCall(out int code)
    {
        code = Receive(_buffer, _lease, out _block);
        return code != -Errno.EAGAIN;
    }

    private bool TryStart(Memory<byte> buffer, bool lease, IErrorSource owner, out int code, out Block? block)
    {
        block = null;
        if (IsDeadlineExceeded)
        {
            code = Parking.Outcome.DeadlineExceeded;
            return true;
        }

        if (Scheduler.IsCurrent && !Scheduler.SpendOperation())
        {
            code = Fd.EnsureWatched();
            if (code < 0)
            {
                return true;
            }

            Prepare(buffer, lease, owner);
            Yield();
            return false;
        }

        while (true)
        {
            if (TakeReady())
            {
                code = Receive(buffer, lease, out block);
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

            Prepare(buffer, lease, owner);
            if (TryWait())
            {
                return false;
            }
        }
    }

    private void Prepare(Memory<byte> buffer, bool lease, IErrorSource owner)
    {
        BeginCall();
        _buffer = buffer;
        _lease = lease;
        _owner = owner;
    }

    private int Receive(Memory<byte> buffer, bool lease, out Block? block)
    {
        block = null;
        if (lease)
        {
            block = Fd.Table.Blocks.Rent();
            buffer = block.Memory;
        }

        int n = Fd.Table.Poller.TryReceive(Fd.Target, buffer.Span);

        // A short receive has emptied the socket: an event will come for what follows. After anything else the next
        // receive tries at once (see Poller, "Events").
        if (n == buffer.Length || (n <= 0 && n != -Errno.EAGAIN) || Fd.MustDrain)
        {
            SetReady();
        }

        if (n <= 0 && block is not null)
        {
            block.TryReturn(block.Version);
            block = null;
        }

        return n;
    }

    private int Take(short token, out IErrorSource owner, out Block? block)
    {
        int code = TakeCode(token, out bool endPending);
        owner = _owner!;
        block = _block;
        _owner = null;
        _block = null;
        _buffer = default;
        EndTaken(Direction.Read, endPending);
        return code;
    }
}
