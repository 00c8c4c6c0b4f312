namespace HotLoop.Buffers;

/// <summary>A fixed-size piece of a slab, rented from a <see cref="BlockPool"/> and returned to it once.</summary>
internal sealed class Block
{
    private readonly BlockPool _pool;
    private int _version;

    internal Block(BlockPool pool, Memory<byte> memory)
    {
        _pool = pool;
        Memory = memory;
    }

    internal Memory<byte> Memory { get; }

    /// <summary>Link in the free list of the pool. Owned by the pool.</summary>
    internal Block? Next { get; set; }

    /// <summary>Grows by one with each return, so that a lease can be told from an earlier one of the same block.</summary>
    internal int Version => Volatile.Read(ref _version);

    /// <summary>Gives the block back; false when the lease <paramref name="version"/> has given it back before.</summary>
    internal bool TryReturn(int version)
    {
        if (Interlocked.CompareExchange(ref _version, version + 1, version) != version)
        {
            return false;
        }

        _pool.Return(this);
        return true;
    }
}
