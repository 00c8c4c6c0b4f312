namespace HotLoop.Native.Linux;

/// <summary>struct iovec: one piece of memory (writev(2)).</summary>
internal unsafe struct iovec
{
    internal void* iov_base;
    internal nuint iov_len;
}
