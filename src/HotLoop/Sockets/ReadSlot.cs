using System.Threading.Tasks.Sources;
using HotLoop.Buffers;
using HotLoop.Native;
using HotLoop.Polling;
using HotLoop.Sockets.Operations;

namespace HotLoop.Sockets;

/// <summary>
/// The read half of a socket: receives into the caller's buffer, or into a block rented when data is there, or does what a
/// <see cref="SocketOperation"/> says.
/// </summary>
internal sealed class ReadSlot(SocketFd fd)
    : SocketSlot(fd), IValueTaskSource<int>, IValueTaskSource<IoResult>, IValueTaskSource<ReadLease>, IValueTaskSource<SlotResult>,
        IValueTaskSource<PacketResult>
{
    private SocketOperation? _operation;
    private Memory<byte> _buffer;
    private Block? _block;
    private bool _lease;
    private bool _throws;
    private IErrorSource? _owner;

    private protected override Direction Direction => Direction.Read;

    private protected override bool AlwaysTries => _operation is not null;

    private protected override bool IsForLoop => Fd.ReceivesAhead;

    private protected override Interest Interest =>
        _operation is null || _operation.SeesHeldBytes ? Fd.ReceiveInterest : Interest.Read;

    /// <summary>Starts a receive into <paramref name="buffer"/>, which is not empty. See <see cref="SocketSlot"/> for what true and false mean.</summary>
    internal bool TryReceive(Memory<byte> buffer, IErrorSource owner, out int code)
    {
        _buffer = buffer;
        _lease = false;
        return TryStart(owner, out code);
    }

    /// <summary>Starts <paramref name="operation"/>. See <see cref="SocketSlot"/> for what true and false mean.</summary>
    internal bool TryRun(SocketOperation operation, IErrorSource? owner, out int code)
    {
        _operation = operation;
        _lease = false;
        return TryStart(owner, out code);
    }

    /// <summary>As <see cref="TryReceive"/>, into a block of the loop's pool that is rented only when data is there.</summary>
    internal bool TryLease(IErrorSource owner, bool throws, out ReadLease lease)
    {
        _lease = true;
        _throws = throws;
        bool ended = TryStart(owner, out int code);
        lease = ended ? ToLease(code, owner, _block) : default;
        return ended;
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        int code = Take(token, out IErrorSource owner, out _, out CancellationToken canceledBy);
        return code >= 0 ? code : throw ToException(owner.CreateError("read", code), canceledBy);
    }

    IoResult IValueTaskSource<IoResult>.GetResult(short token)
    {
        int code = Take(token, out IErrorSource owner, out _, out _);
        return ToIoResult(code, owner);
    }

    ReadLease IValueTaskSource<ReadLease>.GetResult(short token)
    {
        bool throws = _throws;
        int code = Take(token, out IErrorSource owner, out Block? block, out _);
        ReadLease lease = ToLease(code, owner, block);
        return throws && lease.Error is { } error ? throw error : lease;
    }

    SlotResult IValueTaskSource<SlotResult>.GetResult(short token) => new(Take(token, out _, out _, out _));

    PacketResult IValueTaskSource<PacketResult>.GetResult(short token)
    {
        int code = TakeCode(token, out bool endPending);
        ReceiveFrom operation = (ReceiveFrom)_operation!;
        PacketResult result = operation.ToResult(code); // before the lock goes, and the operation with it
        bool throws = operation.Throws;
        Clear();
        _ = EndTaken(endPending);
        return throws && result.Error is { } error ? throw error : result;
    }

    internal static IoResult ToIoResult(int code, IErrorSource owner) =>
        code >= 0 ? new IoResult(code, null) : new IoResult(0, owner.CreateError("read", code));

    private protected override bool TryOnce(out int code)
    {
        if (_operation is not null)
        {
            code = _operation.Try(Fd);
            return HasEnded(code);
        }

        Memory<byte> buffer = _buffer;
        Block? block = null;
        if (_lease)
        {
            block = Fd.Table.Blocks.Rent();
            buffer = block.Memory;
        }

        code = Fd.Table.Poller.TryReceive(Fd.Target, buffer.Span);

        // A short receive has emptied the socket: an event will come for what follows. After anything else but "would block" the
        // next receive tries at once (see Poller, "Events").
        if (code != -Errno.EAGAIN && (code <= 0 || code == buffer.Length || Fd.MustDrain))
        {
            SetReady();
        }

        if (code <= 0 && block is not null)
        {
            block.TryReturn(block.Version);
            block = null;
        }

        _block = block;
        return code != -Errno.EAGAIN;
    }

    private static ReadLease ToLease(int code, IErrorSource owner, Block? block) =>
        code >= 0 ? new ReadLease(block, code) : new ReadLease(owner.CreateError("read", code));

    private bool TryStart(IErrorSource? owner, out int code)
    {
        _owner = owner;
        _block = null;
        if (!TryStart(out code))
        {
            return false;
        }

        EndUse();
        _owner = null;
        _buffer = default;
        return true;
    }

    private int Take(short token, out IErrorSource owner, out Block? block, out CancellationToken canceledBy)
    {
        int code = TakeCode(token, out bool endPending);
        owner = _owner!;
        block = _block;
        Clear();
        canceledBy = EndTaken(endPending);
        return code;
    }

    private protected override void Clear()
    {
        EndUse();
        _owner = null;
        _block = null;
        _buffer = default;
    }

    // What an operation leaves in the socket is not known, however it ended: the next one tries at once.
    private void EndUse()
    {
        if (_operation is not null)
        {
            _operation = null;
            SetReady();
        }
    }
}
