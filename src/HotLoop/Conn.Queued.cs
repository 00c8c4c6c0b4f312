using HotLoop.Parking;
using HotLoop.Sockets;

namespace HotLoop;

/// <content>Operations that find another one of their direction under way, or the connection closed.</content>
public sealed partial class Conn
{
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

    private async ValueTask<int> WaitInLine(LockResult found, Direction direction, CancellationToken cancellationToken = default) =>
        found == LockResult.Busy ? await _socket.AcquireAsync(direction, _generation, cancellationToken) : Outcome.Closed;

    private async ValueTask<IoResult> ReadQueued(LockResult found, Memory<byte> buffer)
    {
        if (await WaitInLine(found, Direction.Read) < 0)
        {
            return ReadSlot.ToIoResult(Outcome.Closed, this);
        }

        return TryReadLocked(buffer, out int code)
            ? ReadSlot.ToIoResult(code, this)
            : await new ValueTask<IoResult>(Reader, Reader.Version);
    }

    private async ValueTask<int> ReadQueuedOrThrow(LockResult found, Memory<byte> buffer)
    {
        IoResult result = await ReadQueued(found, buffer);
        return result.Error is null ? result.Count : throw result.Error;
    }

    private ValueTask<ReadLease> LeaseAsync(bool throws)
    {
        LockResult result = _socket.TryAcquire(Direction.Read, _generation);
        if (result != LockResult.Acquired)
        {
            return LeaseQueued(result, throws);
        }

        return TryLeaseLocked(throws, out ReadLease lease)
            ? throws && lease.Error is { } error ? ValueTask.FromException<ReadLease>(error) : new ValueTask<ReadLease>(lease)
            : new ValueTask<ReadLease>(Reader, Reader.Version);
    }

    // As TryReadLocked.
    private bool TryLeaseLocked(bool throws, out ReadLease lease)
    {
        if (!Reader.TryLease(this, throws, out lease))
        {
            return false;
        }

        _socket.EndOperation(Direction.Read);
        return true;
    }

    private async ValueTask<ReadLease> LeaseQueued(LockResult found, bool throws)
    {
        ReadLease lease;
        if (await WaitInLine(found, Direction.Read) < 0)
        {
            lease = new ReadLease(CreateError("read", Outcome.Closed));
        }
        else if (!TryLeaseLocked(throws, out lease))
        {
            return await new ValueTask<ReadLease>(Reader, Reader.Version);
        }

        return throws && lease.Error is { } error ? throw error : lease;
    }

    private async ValueTask<IoResult> WriteQueued(
        LockResult found, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int code = found == LockResult.Acquired ? 0 : await WaitInLine(found, Direction.Write, cancellationToken);
        if (code < 0)
        {
            return WriteSlot.ToIoResult(code, 0, this);
        }

        if (!_socket.TrySend(buffer, this, out code, out int sent))
        {
            WriteSlot writer = _socket.Writer;
            writer.CancelBy(cancellationToken);
            return await new ValueTask<IoResult>(writer, writer.Version);
        }

        _socket.EndOperation(Direction.Write);
        return WriteSlot.ToIoResult(code, sent, this);
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
