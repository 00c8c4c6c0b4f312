using System.Threading.Tasks.Sources;
using HotLoop.Native;

namespace HotLoop.Sockets;

/// <summary>The write half of a socket: sends the whole of the caller's buffer, however many calls that takes.</summary>
internal sealed class WriteSlot(SocketFd fd) : SocketSlot(fd), IValueTaskSource, IValueTaskSource<IoResult>
{
    private ReadOnlyMemory<byte> _buffer;
    private int _sent;
    private IErrorSource? _owner;

    /// <summary>
    /// Goes on with a send of <paramref name="buffer"/> of which <paramref name="sent"/> bytes have gone. The caller holds the write lock
    /// and a reference. True: it has ended, with 0 or a negative <paramref name="code"/>, and the caller gives both back. False: it
    /// is parked, and they are the slot's.
    /// </summary>
    internal bool TrySend(ReadOnlyMemory<byte> buffer, IErrorSource owner, out int code, ref int sent)
    {
        if (IsDeadlineExceeded)
        {
            code = Parking.Outcome.DeadlineExceeded;
            return true;
        }

        bool mayGoOn = !Scheduler.IsCurrent || Scheduler.SpendOperation();
        while (true)
        {
            if (mayGoOn)
            {
                TakeReady();
                code = Fd.Send(buffer, ref sent);
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
            _buffer = buffer;
            _sent = sent;
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

    void IValueTaskSource.GetResult(short token)
    {
        int code = Take(token, out IErrorSource owner, out _);
        if (code < 0)
        {
            throw owner.CreateError("write", code);
        }
    }

    IoResult IValueTaskSource<IoResult>.GetResult(short token)
    {
        int code = Take(token, out IErrorSource owner, out int sent);
        return new IoResult(sent, code < 0 ? owner.CreateError("write", code) : null);
    }

    private protected override bool AttemptCall(out int code)
    {
        code = Fd.Send(_buffer, ref _sent);
        return code != -Errno.EAGAIN;
    }

    private int Take(short token, out IErrorSource owner, out int sent)
    {
        int code = TakeCode(token, out bool endPending);
        owner = _owner!;
        sent = _sent;
        _owner = null;
        _buffer = default;
        EndTaken(Direction.Write, endPending);
        return code;
    }
}
