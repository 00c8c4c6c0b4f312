using System.Diagnostics.CodeAnalysis;
using HotLoop.Adapters;
using HotLoop.Parking;
using HotLoop.Sockets;

namespace HotLoop;

/// <summary>
/// A connection as a <see cref="Stream"/>, with .NET's conventions: for <c>SslStream</c>, readers and serializers. Comes from
/// <see cref="Conn.AsStream"/>.
/// </summary>
/// <remarks>
/// <para>
/// A read gives what is there, at least one byte; 0 at the end of the stream. One into an empty buffer waits until there is something to
/// read, and reads nothing. Errors are <see cref="OpError"/>, an <see cref="IOException"/> around a <c>SocketException</c>. Bytes go to the
/// kernel at once: Flush does nothing.
/// </para>
/// <para>
/// Results and exceptions are those of <see cref="System.Net.Sockets.NetworkStream"/>, but that a timeout holds for asynchronous calls, too.
/// </para>
/// <para>
/// A cancellation token ends the wait of its call and nothing else: the stream stays usable. A canceled write may have written a part.
/// </para>
/// <para>
/// Synchronous members block the calling thread; on a loop's thread they are refused. Any thread may call; order is that of
/// <see cref="Conn"/>. After Dispose reads, writes and their ends throw <see cref="ObjectDisposedException"/>.
/// </para>
/// </remarks>
public sealed class ConnStream : Stream
{
    private readonly Conn _conn;
    private readonly bool _leaveOpen;
    private int _readTimeout = Timeout.Infinite;
    private int _writeTimeout = Timeout.Infinite;
    private volatile bool _disposed;

    internal ConnStream(Conn conn, bool leaveOpen)
    {
        _conn = conn;
        _leaveOpen = leaveOpen;
    }

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_disposed;

    /// <inheritdoc/>
    public override bool CanTimeout => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>
    /// Longest time for one read, in milliseconds, asynchronous ones included; <see cref="Timeout.Infinite"/> (default): none. Each read sets the
    /// connection's read deadline so far ahead, also for reads that wait already; without a timeout the deadline is left as it is.
    /// </summary>
    public override int ReadTimeout
    {
        get => GetTimeout(_readTimeout);
        set => SetTimeout(ref _readTimeout, value, _conn.SetReadDeadline);
    }

    /// <summary>Longest time for one write, as <see cref="ReadTimeout"/>.</summary>
    public override int WriteTimeout
    {
        get => GetTimeout(_writeTimeout);
        set => SetTimeout(ref _writeTimeout, value, _conn.SetWriteDeadline);
    }

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The connection.</summary>
    public Conn Conn => _conn;

    /// <summary>Ends writing: the peer sees the end of the stream, reading goes on. Go: CloseWrite.</summary>
    /// <exception cref="OpError">The connection is closed or broken.</exception>
    public void CloseWrite()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _conn.CloseWrite();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return TrySetTimeout(_readTimeout, Direction.Read) is { } error
            ? ValueTask.FromException<int>(error)
            : _conn.ReadOrWaitAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireNoLoop();
        return BlockedCaller.Wait(() => ReadAsync(buffer.AsMemory(offset, count)));
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return TrySetTimeout(_writeTimeout, Direction.Write) is { } error
            ? ValueTask.FromException(error)
            : _conn.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireNoLoop();
        BlockedCaller.Wait(async () =>
        {
            await WriteAsync(buffer.AsMemory(offset, count));
            return count;
        });
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(
            BlockedCaller.WithoutContext(() => ReadAsync(buffer, offset, count, CancellationToken.None)), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => End(asyncResult);

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(
            BlockedCaller.WithoutContext(() => CountAsync(WriteAsync(buffer, offset, count, CancellationToken.None), count)), callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => End(asyncResult);

    /// <summary>Does nothing, after Dispose too: bytes are with the kernel already.</summary>
    public override void Flush()
    {
    }

    /// <summary>As <see cref="Flush"/>; the token is not looked at.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Copies until the end of the stream; to another <see cref="ConnStream"/> without a user-space buffer, unless a timeout or token is to be
    /// watched.
    /// </summary>
    public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return destination is ConnStream { _writeTimeout: Timeout.Infinite } other
            && _readTimeout == Timeout.Infinite
            && !cancellationToken.CanBeCanceled
            ? _conn.CopyToAsync(other._conn).AsTask()
            : base.CopyToAsync(destination, bufferSize, cancellationToken);
    }

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            if (!_leaveOpen)
            {
                _conn.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    // The error of a closed connection belongs into the task.
    private OpError? TrySetTimeout(int timeout, Direction direction)
    {
        if (timeout == Timeout.Infinite)
        {
            return null;
        }

        try
        {
            Deadline deadline = Deadline.After(TimeSpan.FromMilliseconds(timeout));
            if (direction == Direction.Read)
            {
                _conn.SetReadDeadline(deadline);
            }
            else
            {
                _conn.SetWriteDeadline(deadline);
            }

            return null;
        }
        catch (OpError e)
        {
            return e;
        }
    }

    private int GetTimeout(int timeout)
    {
        RequireConnection();
        return timeout;
    }

    private void SetTimeout(ref int timeout, int value, Action<Deadline> set)
    {
        if (value != Timeout.Infinite)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        }

        RequireConnection();
        if (value == Timeout.Infinite && timeout != Timeout.Infinite)
        {
            set(Deadline.None); // the last one set by a read or write
        }

        timeout = value;
    }

    // NetworkStream keeps its timeouts in the socket, which may be open longer than the stream.
    private void RequireConnection() => ObjectDisposedException.ThrowIf(_disposed && !_leaveOpen, this);

    // As a socket does, of which a write, too, ends with a count: so either end takes what either begin gave, as with NetworkStream.
    private static async Task<int> CountAsync(Task write, int count)
    {
        await write;
        return count;
    }

    private int End(IAsyncResult asyncResult)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(asyncResult);
        if (!asyncResult.IsCompleted)
        {
            RequireNoLoop(); // it blocks
        }

        try
        {
            return TaskToAsyncResult.End<int>(asyncResult);
        }
        catch (ArgumentException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static void RequireNoLoop()
    {
        if (Scheduler.Current is not null)
        {
            ThrowOnLoop();
        }
    }

    [DoesNotReturn]
    private static void ThrowOnLoop() => throw new InvalidOperationException(
        "A synchronous read or write would block the loop and every connection on it: use ReadAsync or WriteAsync.");
}
