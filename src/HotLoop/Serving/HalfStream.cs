namespace HotLoop.Serving;

/// <summary>What one pipe sees of a connection's stream: ending it ends one direction.</summary>
internal sealed class HalfStream(ConnStream whole, Action end) : Stream
{
    private Action? _end = end;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        whole.ReadAsync(buffer, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => whole.Read(buffer, offset, count);

    // All or nothing: a pipe sends a segment again whose write was canceled. So a token is heard only until the first bytes have gone.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IoResult result = await whole.Conn.TryWriteAsync(buffer, cancellationToken);
        if (result is { Count: > 0, Error.Kind: OpErrorKind.Canceled })
        {
            result = await whole.Conn.TryWriteAsync(buffer[result.Count..], CancellationToken.None);
        }

        if (result.Error is { } error)
        {
            throw error.Kind == OpErrorKind.Canceled ? new OperationCanceledException(cancellationToken) : error;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => whole.Write(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => whole.FlushAsync(cancellationToken);

    public override void Flush() => whole.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Interlocked.Exchange(ref _end, null)?.Invoke();
        }

        base.Dispose(disposing);
    }
}
