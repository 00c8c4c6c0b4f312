namespace HotLoop.Native.Linux;

/// <summary>struct io_cqring_offsets: where the parts of the completion queue are in its mapping.</summary>
internal struct io_cqring_offsets
{
    internal uint head;
    internal uint tail;
    internal uint ring_mask;
    internal uint ring_entries;
    internal uint overflow;
    internal uint cqes;
    internal uint flags;
    internal uint resv1;
    internal ulong user_addr;
}
