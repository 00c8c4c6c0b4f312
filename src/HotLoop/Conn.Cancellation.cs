using HotLoop.Parking;
using HotLoop.Sockets;
using HotLoop.Sockets.Operations;

namespace HotLoop;

/// <content>
/// Reads and writes as a <see cref="Stream"/> has them: a token ends the wait of its call and nothing else. What waits is the slot itself, so
/// that code of others that says ConfigureAwait(false) is resumed on the loop too, not by way of the thread pool.
/// </content>
public sealed partial class Conn
{
    /// <summary>As <see cref="ReadAsync"/>; an empty buffer waits until there is something to read, and takes nothing.</summary>
    /// <exception cref="OperationCanceledException">Nothing has been read.</exception>
    internal ValueTask<int> ReadOrWaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        LockResult found = _socket.TryAcquire(Direction.Read, _generation);
        return found == LockResult.Acquired
            ? ReadOrWaitLocked(buffer, cancellationToken)
            : ReadOrWaitQueued(found, buffer, cancellationToken);
    }

    /// <summary>As <see cref="WriteAsync(ReadOnlyMemory{byte})"/>.</summary>
    /// <exception cref="OperationCanceledException">A part may have been written.</exception>
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        LockResult found = _socket.TryAcquire(Direction.Write, _generation);
        return found == LockResult.Acquired
            ? WriteLocked(buffer, cancellationToken)
            : WriteQueuedOrThrow(found, buffer, cancellationToken);
    }

    /// <summary>As the other, with the error as a value: kind Canceled, and how much was written until then.</summary>
    internal ValueTask<IoResult> TryWriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) =>
        WriteQueued(_socket.TryAcquire(Direction.Write, _generation), buffer, cancellationToken);

    // The caller holds lock and reference.
    private ValueTask<int> ReadOrWaitLocked(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        bool ended = buffer.IsEmpty
            ? Reader.TryRun(WaitReadable.Instance, this, out int code)
            : Reader.TryReceive(buffer, this, out code);
        if (!ended)
        {
            Reader.CancelBy(cancellationToken);
            return new ValueTask<int>(Reader, Reader.Version);
        }

        _socket.EndOperation(Direction.Read);
        return code >= 0 ? new ValueTask<int>(code) : ValueTask.FromException<int>(CreateError("read", code));
    }

    private async ValueTask<int> ReadOrWaitQueued(LockResult found, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int code = await WaitInLine(found, Direction.Read, cancellationToken);
        return code >= 0
            ? await ReadOrWaitLocked(buffer, cancellationToken)
            : throw ToException("read", code, cancellationToken);
    }

    private ValueTask WriteLocked(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_socket.TrySend(buffer, this, out int code, out _))
        {
            WriteSlot writer = _socket.Writer;
            writer.CancelBy(cancellationToken);
            return new ValueTask(writer, writer.Version);
        }

        _socket.EndOperation(Direction.Write);
        return code >= 0 ? default : ValueTask.FromException(CreateError("write", code));
    }

    private async ValueTask WriteQueuedOrThrow(LockResult found, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        int code = await WaitInLine(found, Direction.Write, cancellationToken);
        if (code < 0)
        {
            throw ToException("write", code, cancellationToken);
        }

        await WriteLocked(buffer, cancellationToken);
    }

    private Exception ToException(string operation, int code, CancellationToken cancellationToken) =>
        code == Outcome.Canceled ? new OperationCanceledException(cancellationToken) : CreateError(operation, code);
}
