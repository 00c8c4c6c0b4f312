namespace HotLoop.Adapters;

/// <summary>What one pipe sees of a connection's stream: ending it ends one direction.</summary>
internal sealed class HalfStream(ConnStream whole, Action end) : Stream
{
    private Action? _end = end;

    // Bytes of the write that failed last: its deadline can be moved, and the write tried again.
    private int _sentBefore;

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

    // A pipe gives a segment again whose write has failed, from its start: what had gone by then is left out.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (int count, OpError? error) = await whole.Conn.TryWriteAsync(buffer[_sentBefore..], cancellationToken);
        _sentBefore = error is null ? 0 : _sentBefore + count;
        if (error is not null)
        {
            throw error.Kind == OpErrorKind.Canceled ? new OperationCanceledException(cancellationToken) : error;
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        whole.Write(buffer, offset + _sentBefore, count - _sentBefore);
        _sentBefore = 0;
    }

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
