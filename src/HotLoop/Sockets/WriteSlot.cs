using System.Threading.Tasks.Sources;
using HotLoop.Parking;
using HotLoop.Polling;
using HotLoop.Sockets.Operations;

namespace HotLoop.Sockets;

/// <summary>
/// The write half of a socket: sends the whole of the caller's buffer, however many calls that takes, or does what a
/// <see cref="SocketOperation"/> says.
/// </summary>
internal sealed class WriteSlot(SocketFd fd) : SocketSlot(fd), IValueTaskSource, IValueTaskSource<IoResult>
{
#if DEBUG
    internal const int SendsPerTurn = 2; // small, so that tests yield in the middle of a write
#else
    // A peer that drains as fast as we send could keep a loop busy with one write; 16 sends are some 100 us.
    internal const int SendsPerTurn = 16;
#endif

    private ReadOnlyMemory<byte> _buffer;
    private int _sent;
    private SocketOperation? _operation;
    private IErrorSource? _owner;

    private protected override Direction Direction => Direction.Write;

    private protected override Interest Interest => Interest.Write;

    /// <summary>
    /// Starts to send all of <paramref name="buffer"/>, an empty one too: the call finds out whether the connection can still be written
    /// to, as in Go. As <see cref="ParkSlot.TryStart"/>; the code is 0 or negative.
    /// </summary>
    /// <remarks>
    /// As long as the kernel takes everything and there is no deadline, no slot is needed; once one is made the send is tried again, so
    /// no event is lost.
    /// </remarks>
    internal static bool TrySend(SocketFd fd, ReadOnlyMemory<byte> buffer, IErrorSource owner, out int code, out int sent)
    {
        sent = 0;
        if (!fd.HasWriter && (Scheduler.Current is not { } loop || loop.SpendOperation()))
        {
            code = Send(fd, buffer, ref sent);
            if (IsEnd(code))
            {
                return true;
            }
        }

        return fd.Writer.TrySend(buffer, owner, out code, ref sent);
    }

    internal override bool TryRun(SocketOperation operation, IErrorSource? owner, out int code)
    {
        _operation = operation;
        _sent = 0;
        _owner = owner;
        if (!TryBegin(out code))
        {
            return false;
        }

        Clear();
        return true;
    }

    void IValueTaskSource.GetResult(short token)
    {
        if (TakeResult(token, out CancellationToken canceledBy).Error is { } error)
        {
            throw ToException(error, canceledBy);
        }
    }

    IoResult IValueTaskSource<IoResult>.GetResult(short token) => TakeResult(token, out _);

    private protected override bool TryOnce(out int code)
    {
        code = _operation is null ? Send(Fd, _buffer, ref _sent) : _operation.Try(Fd);
        return IsEnd(code);
    }

    private protected override void Clear()
    {
        _operation?.Clear();
        _operation = null;
        _owner = null;
        _buffer = default;
    }

    // Sends what is left: 0, -errno, or Unfinished when the kernel goes on taking but others should have their turn.
    private static int Send(SocketFd fd, ReadOnlyMemory<byte> buffer, ref int sent)
    {
        for (int i = 0; i < SendsPerTurn; i++)
        {
            int n = fd.Poll.TrySend(buffer.Span[sent..]);
            if (n < 0)
            {
                return n;
            }

            sent += n;
            if (sent == buffer.Length)
            {
                return 0;
            }
        }

        return Outcome.Unfinished;
    }

    private bool TrySend(ReadOnlyMemory<byte> buffer, IErrorSource owner, out int code, ref int sent)
    {
        _buffer = buffer;
        _sent = sent;
        _owner = owner;
        if (!TryBegin(out code))
        {
            return false;
        }

        sent = _sent;
        Clear();
        return true;
    }

    // Most sends find room, so the Ready bit stays where it is: taking it would cost each of them a locked instruction. A send that
    // finds no room is tried twice if an older event has left the bit.
    private protected override bool ShouldTry() => true;

    private IoResult TakeResult(short token, out CancellationToken canceledBy)
    {
        int code = TakeCode(token, out bool endPending);
        int sent = _operation is null ? _sent : Math.Max(code, 0);
        IoResult result = IoResult.OfWrite(code, sent, _owner!); // before the lock goes: an operation's error tells of this operation
        Clear();
        canceledBy = EndTaken(endPending);
        return result;
    }
}
