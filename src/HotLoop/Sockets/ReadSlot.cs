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
    : SocketSlot(fd), IValueTaskSource<int>, IValueTaskSource<IoResult>, IValueTaskSource<ReadLease>
{
    private SocketOperation? _operation;
    private Memory<byte> _buffer;
    private bool _lease;
    private bool _throws;

    // The last try did not find the end of what is there, so the next operation tries at once. Under the read lock.
    private bool _mayHaveMore;
    private IErrorSource? _owner;

    private protected override Direction Direction => Direction.Read;

    private protected override Interest Interest => _operation?.Interest ?? Interest.Receive;

    internal override void Reuse()
    {
        base.Reuse();
        _mayHaveMore = true;
    }

    /// <summary>Starts a receive into <paramref name="buffer"/>, which is not empty. As <see cref="Parking.ParkSlot.TryStart"/>.</summary>
    internal bool TryReceive(Memory<byte> buffer, IErrorSource owner, out int code)
    {
        _buffer = buffer;
        _lease = false;
        _owner = owner;
        if (!TryBegin(out code))
        {
            return false;
        }

        Clear();
        return true;
    }

    internal override bool TryRun(SocketOperation operation, IErrorSource? owner, out int code)
    {
        _operation = operation;
        _owner = owner;
        if (!TryBegin(out code))
        {
            return false;
        }

        Clear();
        return true;
    }

    /// <summary>
    /// As <see cref="TryReceive"/>, into a block of the loop's pool that is rented only when data is there: null at the end of the stream.
    /// </summary>
    internal bool TryLease(IErrorSource owner, bool throws, out int code, out Block? block)
    {
        _lease = true;
        _throws = throws;
        _owner = owner;
        bool ended = TryBegin(out code);
        block = null;
        if (ended)
        {
            block = TakeBlock();
            Clear();
        }

        return ended;
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        int code = TakeCode(token, out bool endPending);
        IErrorSource owner = _owner!;
        Clear();
        CancellationToken canceledBy = EndTaken(endPending);
        return code >= 0 ? code : throw ToException(owner.CreateError("read", code), canceledBy);
    }

    IoResult IValueTaskSource<IoResult>.GetResult(short token)
    {
        int code = TakeCode(token, out bool endPending);
        IErrorSource owner = _owner!;
        Clear();
        _ = EndTaken(endPending);
        return IoResult.OfRead(code, owner);
    }

    ReadLease IValueTaskSource<ReadLease>.GetResult(short token)
    {
        int code = TakeCode(token, out bool endPending);
        (IErrorSource owner, Block? block, bool throws) = (_owner!, TakeBlock(), _throws);
        Clear();
        _ = EndTaken(endPending);
        OpError? error = code < 0 ? owner.CreateError("read", code) : null;
        return error is null ? new ReadLease(block, code) : throws ? throw error : new ReadLease(error);
    }

    // A receive without a first try: the one before found the end of what was there, and an event tells of what came since. Where the one before
    // said -EAGAIN for bytes that the poller holds (see PollHandle, "Receiving ahead"), the event follows its Watch.
    private protected override bool ShouldTry() => TakeReady() | _mayHaveMore | _operation is not null;

    private protected override bool TryOnce(out int code)
    {
        _mayHaveMore = true; // unless a receive shows the contrary; an operation leaves it open
        if (_operation is not null)
        {
            code = _operation.Try(Fd);
            return IsEnd(code);
        }

        Memory<byte> buffer = _buffer;
        Block? block = null;
        if (_lease)
        {
            block = Fd.Table.Blocks.Rent();
            buffer = block.Memory;
        }

        code = Fd.Poll.TryReceive(buffer.Span);

        // A short receive has emptied the socket: an event will come for what follows. After anything else but "would block" the
        // next receive tries at once (see PollHandle, "Events").
        _mayHaveMore = code != -Errno.EAGAIN && (code <= 0 || code == buffer.Length || Fd.MustDrain);
        if (code <= 0 && block is not null)
        {
            block.TryReturn(block.Version);
            block = null;
        }

        if (_lease)
        {
            Result = block;
        }

        return code != -Errno.EAGAIN;
    }

    private Block? TakeBlock()
    {
        Block? block = Result as Block;
        if (block is not null)
        {
            Result = null;
        }

        return block;
    }

    private protected override void Clear()
    {
        _operation?.Clear();
        _operation = null;
        _owner = null;
        _buffer = default;
    }
}
