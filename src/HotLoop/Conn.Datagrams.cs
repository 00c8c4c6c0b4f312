using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop;

/// <content>What <see cref="PacketConn"/> does with its socket: datagrams with addresses. Like reads and writes, they allocate nothing.</content>
public sealed partial class Conn
{
    /// <summary>For a datagram socket; <paramref name="operation"/> is its own, used under the read lock.</summary>
    internal ValueTask<PacketResult> ReceiveFromAsync(ReceiveFrom operation, Memory<byte> buffer, bool throws)
    {
        LockResult found = _socket.TryAcquire(Direction.Read, _generation);
        if (found != LockResult.Acquired)
        {
            return ReceiveFromQueued(found, operation, buffer, throws);
        }

        if (!TryReceiveFromLocked(operation, buffer, throws, out PacketResult result))
        {
            return new ValueTask<PacketResult>(Reader, Reader.Version);
        }

        return throws && result.Error is { } error
            ? ValueTask.FromException<PacketResult>(error)
            : new ValueTask<PacketResult>(result);
    }

    /// <summary>As <see cref="ReceiveFromAsync"/>, under the write lock.</summary>
    internal ValueTask<IoResult> TrySendToAsync(SendTo operation, ReadOnlyMemory<byte> buffer, NetAddress to)
    {
        LockResult found = _socket.TryAcquire(Direction.Write, _generation);
        if (found != LockResult.Acquired)
        {
            return SendToQueued(found, operation, buffer, to);
        }

        return TrySendToLocked(operation, buffer, to, out IoResult result)
            ? new ValueTask<IoResult>(result)
            : new ValueTask<IoResult>(_socket.Writer, _socket.Writer.Version);
    }

    /// <summary>As <see cref="TrySendToAsync"/>, and throws.</summary>
    internal ValueTask SendToAsync(SendTo operation, ReadOnlyMemory<byte> buffer, NetAddress to)
    {
        LockResult found = _socket.TryAcquire(Direction.Write, _generation);
        if (found != LockResult.Acquired)
        {
            return SendToQueuedOrThrow(found, operation, buffer, to);
        }

        if (!TrySendToLocked(operation, buffer, to, out IoResult result))
        {
            return new ValueTask(_socket.Writer, _socket.Writer.Version);
        }

        return result.Error is null ? default : ValueTask.FromException(result.Error);
    }

    private async ValueTask<IoResult> SendToQueued(LockResult found, SendTo operation, ReadOnlyMemory<byte> buffer, NetAddress to)
    {
        int code = await WaitInLine(found, Direction.Write);
        if (code < 0)
        {
            return new IoResult(0, operation.CreateError(to, code));
        }

        return TrySendToLocked(operation, buffer, to, out IoResult result)
            ? result
            : await new ValueTask<IoResult>(_socket.Writer, _socket.Writer.Version);
    }

    private async ValueTask SendToQueuedOrThrow(LockResult found, SendTo operation, ReadOnlyMemory<byte> buffer, NetAddress to)
    {
        IoResult result = await SendToQueued(found, operation, buffer, to);
        if (result.Error is not null)
        {
            throw result.Error;
        }
    }

    private bool TrySendToLocked(SendTo operation, ReadOnlyMemory<byte> buffer, NetAddress to, out IoResult result)
    {
        int code = operation.Prepare(buffer, to);
        if (code >= 0 && !_socket.Writer.TryRun(operation, operation, out code))
        {
            result = default;
            return false;
        }

        _socket.EndOperation(Direction.Write);
        result = code >= 0 ? new IoResult(code, null) : new IoResult(0, operation.CreateError(to, code));
        return true;
    }

    private async ValueTask<PacketResult> ReceiveFromQueued(
        LockResult found, ReceiveFrom operation, Memory<byte> buffer, bool throws)
    {
        int code = await WaitInLine(found, Direction.Read);
        PacketResult result;
        if (code < 0)
        {
            result = new PacketResult(0, null, CreateError("read", code));
        }
        else if (!TryReceiveFromLocked(operation, buffer, throws, out result))
        {
            return await new ValueTask<PacketResult>(Reader, Reader.Version);
        }

        return throws && result.Error is { } error ? throw error : result;
    }

    private bool TryReceiveFromLocked(ReceiveFrom operation, Memory<byte> buffer, bool throws, out PacketResult result)
    {
        operation.Prepare(buffer, throws, this);
        if (!Reader.TryRun(operation, this, out int code))
        {
            result = default;
            return false;
        }

        result = operation.ToResult(code);
        _socket.EndOperation(Direction.Read);
        return true;
    }
}
