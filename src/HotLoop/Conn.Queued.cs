using HotLoop.Buffers;
using HotLoop.Parking;
using HotLoop.Sockets;

namespace HotLoop;

/// <content>Operations that find another one of their direction under way, or the connection closed.</content>
public sealed partial class Conn
{
    private static IoResult Closed(OpError error) => new(0, error);

    // The caller holds lock and reference; when true they have been given back.
    private bool TryReadLocked(Memory<byte> buffer, out int code)
    {
        if (buffer.IsEmpty)
        {
            code = 0; // before the deadline is looked at, and without a system call: Go's order of checks
        }
        else if (!Reader.TryReceive(buffer, this, out code))
        {
            return false;
        }

        _socket.EndOperation(Direction.Read);
        return true;
    }

    private IoResult ReadResult(int code) =>
        code >= 0 ? new IoResult(code, null) : new IoResult(0, CreateError("read", code));

    private async ValueTask<bool> WaitInLine(LockResult found, Direction direction) =>
        found == LockResult.Busy && await _socket.AcquireAsync(direction, _generation);

    private async ValueTask<IoResult> ReadQueued(LockResult found, Memory<byte> buffer)
    {
        if (!await WaitInLine(found, Direction.Read))
        {
            return Closed(CreateError("read", Outcome.Closed));
        }

        return TryReadLocked(buffer, out int code)
            ? ReadResult(code)
            : await new ValueTask<IoResult>(Reader, Reader.Version);
    }

    private async ValueTask<int> ReadQueuedOrThrow(LockResult found, Memory<byte> buffer)
    {
        IoResult result = await ReadQueued(found, buffer);
        return result.Error is null ? result.Count : throw result.Error;
    }

    private async ValueTask<ReadLease> LeaseQueued(LockResult found)
    {
        if (!await WaitInLine(found, Direction.Read))
        {
            return new ReadLease(CreateError("read", Outcome.Closed));
        }

        if (!Reader.TryLease(this, out int code, out Block? block))
        {
            return await new ValueTask<ReadLease>(Reader, Reader.Version);
        }

        _socket.EndOperation(Direction.Read);
        return code >= 0 ? new ReadLease(block, code) : new ReadLease(CreateError("read", code));
    }

    private async ValueTask<IoResult> WriteQueued(LockResult found, ReadOnlyMemory<byte> buffer)
    {
        if (!await WaitInLine(found, Direction.Write))
        {
            return Closed(CreateError("write", Outcome.Closed));
        }

        if (!_socket.TrySend(buffer, this, out int code, out int sent))
        {
            return await new ValueTask<IoResult>(_socket.Writer, _socket.Writer.Version);
        }

        _socket.EndOperation(Direction.Write);
        return new IoResult(sent, code < 0 ? CreateError("write", code) : null);
    }

    private async ValueTask WriteQueuedOrThrow(LockResult found, ReadOnlyMemory<byte> buffer)
    {
        IoResult result = await WriteQueued(found, buffer);
        if (result.Error is not null)
        {
            throw result.Error;
        }
    }
}
