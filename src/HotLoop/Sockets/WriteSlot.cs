using System.Threading.Tasks.Sources;
using HotLoop.Sockets.Operations;

namespace HotLoop.Sockets;

/// <summary>
/// The write half of a socket: sends the whole of the caller's buffer, however many calls that takes, or does what a
/// <see cref="SocketOperation"/> says.
/// </summary>
internal sealed class WriteSlot(SocketFd fd)
    : SocketSlot(fd), IValueTaskSource, IValueTaskSource<IoResult>, IValueTaskSource<SlotResult>
{
    private ReadOnlyMemory<byte> _buffer;
    private int _sent;
    private SocketOperation? _operation;
    private IErrorSource? _owner;

    private protected override Direction Direction => Direction.Write;

    private protected override bool AlwaysTries => true;

    /// <summary>
    /// Goes on with a send of <paramref name="buffer"/> of which <paramref name="sent"/> bytes have gone; the code is 0 or negative. See
    /// <see cref="SocketSlot"/> for what true and false mean.
    /// </summary>
    internal bool TrySend(ReadOnlyMemory<byte> buffer, IErrorSource owner, out int code, ref int sent)
    {
        _buffer = buffer;
        _sent = sent;
        _owner = owner;
        if (!TryStart(out code))
        {
            return false;
        }

        sent = _sent;
        Clear();
        return true;
    }

    /// <summary>Starts <paramref name="operation"/>. See <see cref="SocketSlot"/> for what true and false mean.</summary>
    internal bool TryRun(SocketOperation operation, IErrorSource? owner, out int code)
    {
        _operation = operation;
        _sent = 0;
        _owner = owner;
        if (!TryStart(out code))
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

    SlotResult IValueTaskSource<SlotResult>.GetResult(short token)
    {
        int code = TakeCode(token, out bool endPending);
        Clear();
        _ = EndTaken(endPending);
        return new SlotResult(code);
    }

    internal static IoResult ToIoResult(int code, int sent, IErrorSource owner) =>
        new(sent, code < 0 ? owner.CreateError("write", code) : null);

    private protected override bool TryOnce(out int code)
    {
        code = _operation is null ? Fd.Send(_buffer, ref _sent) : _operation.Try(Fd);
        return HasEnded(code);
    }

    private IoResult TakeResult(short token, out CancellationToken canceledBy)
    {
        int code = TakeCode(token, out bool endPending);
        int sent = _operation is null ? _sent : Math.Max(code, 0);
        IoResult result = ToIoResult(code, sent, _owner!); // before the lock goes: an operation's error tells of this operation
        Clear();
        canceledBy = EndTaken(endPending);
        return result;
    }

    private protected override void Clear()
    {
        _operation = null;
        _owner = null;
        _buffer = default;
    }
}
