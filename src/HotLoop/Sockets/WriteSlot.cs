using System.Threading.Tasks.Sources;

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
        int code = Take(token, out IErrorSource? owner, out _);
        if (code < 0)
        {
            throw owner!.CreateError("write", code);
        }
    }

    IoResult IValueTaskSource<IoResult>.GetResult(short token)
    {
        int code = Take(token, out IErrorSource? owner, out int sent);
        return ToIoResult(code, sent, owner!);
    }

    SlotResult IValueTaskSource<SlotResult>.GetResult(short token) => new(Take(token, out _, out _));

    internal static IoResult ToIoResult(int code, int sent, IErrorSource owner) =>
        new(sent, code < 0 ? owner.CreateError("write", code) : null);

    private protected override bool TryOnce(out int code)
    {
        code = _operation is null ? Fd.Send(_buffer, ref _sent) : _operation.Try(Fd);
        return HasEnded(code);
    }

    private int Take(short token, out IErrorSource? owner, out int sent)
    {
        int code = TakeCode(token, out bool endPending);
        owner = _owner;
        sent = _sent;
        Clear();
        EndTaken(endPending);
        return code;
    }

    private protected override void Clear()
    {
        _operation = null;
        _owner = null;
        _buffer = default;
    }
}
