namespace HotLoop.Native.Linux;

/// <summary>struct io_uring_buf: one provided buffer. The <c>resv</c> of the first one in the ring is the ring's tail.</summary>
internal struct io_uring_buf
{
    internal ulong addr;
    internal uint len;
    internal ushort bid;
    internal ushort resv;
}
