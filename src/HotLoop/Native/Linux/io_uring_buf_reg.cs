namespace HotLoop.Native.Linux;

/// <summary>struct io_uring_buf_reg: registers a ring of provided buffers.</summary>
internal unsafe struct io_uring_buf_reg
{
    internal ulong ring_addr;
    internal uint ring_entries;
    internal ushort bgid;
    internal ushort flags;
    internal fixed ulong resv[3];
}
