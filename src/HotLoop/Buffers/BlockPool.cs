using HotLoop.Parking;

namespace HotLoop.Buffers;

/// <summary>
/// The buffers of a loop: equal blocks cut from pinned slabs. The loop's thread rents and returns without
/// synchronisation from a list of its own; other threads use a second list under a lock, which the loop takes over whole when its
/// own is empty. Slabs are kept for the life of the loop: the pool's size is about the most blocks that were out at once.
/// </summary>
internal sealed class BlockPool
{
#if DEBUG
    private const int BlocksPerSlab = 2; // small, so that tests grow the pool often
#else
    private const int BlocksPerSlab = 16;
#endif

    // Free blocks that the loop keeps for itself; further ones are for everybody, who would otherwise cut new slabs while the
    // loop sits on blocks that others rented.
    private const int LocalMax = BlocksPerSlab * 4;

    private readonly Lock _gate = new();
    private readonly Scheduler _owner;
    private readonly int _blockSize;

    private Block? _local;
    private int _localCount;
    private Block? _shared;
    private int _created;

    /// <param name="owner">Whose thread uses the unsynchronised list.</param>
    /// <param name="blockSize">Bytes of a block.</param>
    internal BlockPool(Scheduler owner, int blockSize)
    {
        _owner = owner;
        _blockSize = blockSize;
    }

    /// <summary>Blocks ever cut, rented or not.</summary>
    internal int Created => Volatile.Read(ref _created);

    internal Block Rent() => _owner.IsCurrent ? RentLocal() : RentShared();

    internal void Return(Block block)
    {
        if (_localCount < LocalMax && _owner.IsCurrent)
        {
            block.Next = _local;
            _local = block;
            _localCount++;
            return;
        }

        lock (_gate)
        {
            block.Next = _shared;
            _shared = block;
        }
    }

    private Block RentLocal()
    {
        if (_local is null)
        {
            lock (_gate)
            {
                _local = _shared ?? CutSlab();
                _shared = null;
                _localCount = CountOf(_local);
            }
        }

        Block block = _local;
        _local = block.Next;
        _localCount--;
        block.Next = null;
        return block;
    }

    private Block RentShared()
    {
        lock (_gate)
        {
            Block block = _shared ?? CutSlab();
            _shared = block.Next;
            block.Next = null;
            return block;
        }
    }

    private static int CountOf(Block list)
    {
        int count = 0;
        for (Block? block = list; block is not null; block = block.Next)
        {
            count++;
        }

        return count;
    }

    private Block CutSlab()
    {
        byte[] slab = GC.AllocateUninitializedArray<byte>(_blockSize * BlocksPerSlab, pinned: true);
        Block? list = null;
        for (int i = 0; i < BlocksPerSlab; i++)
        {
            list = new Block(this, slab.AsMemory(i * _blockSize, _blockSize)) { Next = list };
        }

        Volatile.Write(ref _created, _created + BlocksPerSlab);
        return list!;
    }
}
