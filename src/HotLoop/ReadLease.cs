using HotLoop.Buffers;

namespace HotLoop;

/// <summary>
/// Bytes that were read into a buffer of the loop's pool: the buffer was rented when data was there, and goes back with
/// <see cref="Dispose"/>. A connection that waits for data holds no buffer.
/// </summary>
/// <remarks>
/// <see cref="Memory"/> may be used until <see cref="Dispose"/>, also after the connection was closed, from any thread. A lease that
/// is never disposed keeps its buffer from being used again.
/// </remarks>
public readonly struct ReadLease : IDisposable, IEquatable<ReadLease>
{
    // A Block, an OpError, or null at the end of the stream: leases live in the state of every waiting handler.
    private readonly object? _content;
    private readonly int _version;

    internal ReadLease(Block? block, int length)
    {
        _content = block;
        _version = block?.Version ?? 0;
        Length = length;
    }

    internal ReadLease(OpError error) => _content = error;

    /// <summary>Bytes read. 0: the end of the stream, or an error.</summary>
    public int Length { get; }

    /// <summary>Set by <see cref="Conn.TryReadLeaseAsync"/> when the read failed.</summary>
    public OpError? Error => _content as OpError;

    /// <summary>What was read.</summary>
    public ReadOnlyMemory<byte> Memory => _content is Block block ? block.Memory[..Length] : default;

    /// <summary>Gives the buffer back. Further calls, also on copies of this lease, do nothing.</summary>
    public void Dispose() => (_content as Block)?.TryReturn(_version);

    /// <inheritdoc/>
    public bool Equals(ReadLease other) =>
        ReferenceEquals(_content, other._content) && _version == other._version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReadLease other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_content, _version);

    /// <summary>The same lease.</summary>
    public static bool operator ==(ReadLease left, ReadLease right) => left.Equals(right);

    /// <summary>Not the same lease.</summary>
    public static bool operator !=(ReadLease left, ReadLease right) => !left.Equals(right);
}
