namespace HotLoop.Native.Linux;

/// <summary>struct io_sqring_offsets: where the parts of the submission queue are in its mapping.</summary>
internal struct io_sqring_offsets
{
    internal uint head;
    internal uint tail;
    internal uint ring_mask;
    internal uint ring_entries;
    internal uint flags;
    internal uint dropped;
    internal uint array;
    internal uint resv1;
    internal ulong user_addr;
}
