using System.Threading.Tasks.Sources;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Sockets;

/// <summary>
/// The write half of a socket: sends the whole of the caller's buffer, however many calls that takes; before that, waits for a connect.
/// </summary>
internal sealed class WriteSlot(SocketFd fd)
    : SocketSlot(fd), IValueTaskSource, IValueTaskSource<IoResult>, IValueTaskSource<ConnectResult>
{
    private ReadOnlyMemory<byte> _buffer;
    private int _sent;
    private bool _connect;
    private IErrorSource? _owner;

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
        _connect = false;
        if (!TryStart(out code))
        {
            return false;
        }

        sent = _sent;
        _owner = null; // what the slot refers to, the garbage collector cannot close
        _buffer = default;
        return true;
    }

    /// <summary>Waits for the answer to a connect(2) that is under way; the code is 0 or negative.</summary>
    internal bool TryConnect(out int code)
    {
        _connect = true;
        return TryStart(out code);
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

    ConnectResult IValueTaskSource<ConnectResult>.GetResult(short token) => new(Take(token, out _, out _));

    internal static IoResult ToIoResult(int code, int sent, IErrorSource owner) =>
        new(sent, code < 0 ? owner.CreateError("write", code) : null);

    private protected override bool Attempt(out int code)
    {
        code = _connect ? ConnectAnswer() : Fd.Send(_buffer, ref _sent);
        return HasEnded(code);
    }

    private int ConnectAnswer()
    {
        int result = Syscall.GetOption(Fd.Descriptor, LibC.SOL_SOCKET, LibC.SO_ERROR, out int error);
        if (result < 0 || error != 0)
        {
            return result < 0 ? result : -error;
        }

        // A spurious wake-up shows no error either: connected is who has a peer.
        return Syscall.PeerAddress(Fd.Descriptor, out _) >= 0 ? 0 : -Errno.EAGAIN;
    }

    private int Take(short token, out IErrorSource? owner, out int sent)
    {
        int code = TakeCode(token, out bool endPending);
        owner = _owner;
        sent = _sent;
        _owner = null;
        _buffer = default;
        EndTaken(Direction.Write, endPending);
        return code;
    }
}
