using System.Buffers;
using HotLoop.Conns;
using HotLoop.Parking;
using HotLoop.Sockets;
using HotLoop.Sockets.Operations;
using Microsoft.Extensions.ObjectPool;

namespace HotLoop;

/// <content>Operations other than a plain read or write: several buffers at once, copies, the raw descriptor.</content>
public sealed partial class Conn
{
    private static readonly ObjectPool<SendParts> s_sendParts = new DefaultObjectPool<SendParts>(new DefaultPooledObjectPolicy<SendParts>());

    /// <summary>
    /// Writes all of several buffers, in one system call where they fit; no other write comes in between. Go: Buffers.WriteTo.
    /// </summary>
    /// <param name="buffers">At most 2 GiB in all. The sequence and its memory belong to the operation until its task has ended.</param>
    /// <exception cref="OpError">As <see cref="WriteAsync(ReadOnlyMemory{byte})"/>.</exception>
    public async ValueTask WriteAsync(ReadOnlySequence<byte> buffers)
    {
        IoResult result = await TryWriteAsync(buffers);
        if (result.Error is not null)
        {
            throw result.Error;
        }
    }

    /// <summary>As <see cref="WriteAsync(ReadOnlySequence{byte})"/>, with the error as a value. Go: Buffers.WriteTo.</summary>
    /// <returns>Bytes that are with the kernel; fewer than the buffers' only with an error.</returns>
    public async ValueTask<IoResult> TryWriteAsync(ReadOnlySequence<byte> buffers)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffers.Length, int.MaxValue, nameof(buffers));
        SendParts operation = s_sendParts.Get();
        operation.Prepare(buffers);
        try
        {
            int code = await RunAsync(Direction.Write, operation);
            return new IoResult(operation.Sent, code < 0 ? CreateError("writev", code) : null);
        }
        finally
        {
            operation.Prepare(default);
            s_sendParts.Return(operation);
        }
    }

    /// <summary>
    /// Copies what is read here to <paramref name="destination"/> until the end of the stream, without a user-space buffer where the kernel
    /// can (splice(2)). Neither connection is closed. Go: io.Copy, TCPConn.ReadFrom.
    /// </summary>
    /// <param name="destination">Another connection, on any loop.</param>
    /// <param name="limit">Most bytes to copy; what follows stays here to be read.</param>
    /// <returns>Bytes copied.</returns>
    /// <exception cref="OpError">
    /// One of the two failed, by its deadlines or otherwise; bytes read here but not taken there are lost, as in Go.
    /// </exception>
    public async ValueTask<long> CopyToAsync(Conn destination, long limit = long.MaxValue)
    {
        CopyResult result = await TryCopyToAsync(destination, limit);
        return result.Error is null ? result.Count : throw result.Error;
    }

    /// <summary>As <see cref="CopyToAsync"/>, with the error as a value. Go: io.Copy.</summary>
    public ValueTask<CopyResult> TryCopyToAsync(Conn destination, long limit = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return ConnCopy.RunAsync(this, destination, limit);
    }

    /// <summary>The raw descriptor, for what HotLoop has no member for. Valid after Close too: then its members fail. Go: SyscallConn.</summary>
    public RawConn SyscallConn() => new(this);

    /// <summary>Runs an operation to its end: its result, an <see cref="Outcome"/> or -errno.</summary>
    internal async ValueTask<int> RunAsync(Direction direction, SocketOperation operation)
    {
        int code = await AcquireAsync(direction);
        if (code < 0)
        {
            return code;
        }

        if (TryRunLocked(direction, operation, out code))
        {
            return code;
        }

        return (await (direction == Direction.Read
            ? new ValueTask<SlotResult>(Reader, Reader.Version)
            : new ValueTask<SlotResult>(_socket.Writer, _socket.Writer.Version))).Code;
    }

    /// <summary>Whether splice(2) can be used: on a stream.</summary>
    internal bool CanSplice => !_network.KeepsRecords;

    // True: the operation has ended; lock and reference have been given back.
    private bool TryRunLocked(Direction direction, SocketOperation operation, out int code)
    {
        bool ended = direction == Direction.Read
            ? Reader.TryRun(operation, this, out code)
            : _socket.Writer.TryRun(operation, this, out code);
        if (ended)
        {
            _socket.EndOperation(direction);
        }

        return ended;
    }

    private ValueTask<int> AcquireAsync(Direction direction)
    {
        LockResult found = _socket.TryAcquire(direction, _generation);
        return found == LockResult.Acquired ? new ValueTask<int>(0) : WaitInLine(found, direction);
    }
}
