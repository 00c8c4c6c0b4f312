namespace HotLoop.Native.Linux;

/// <summary>struct io_uring_cqe: one completion.</summary>
internal struct io_uring_cqe
{
    internal ulong user_data;
    internal int res;
    internal uint flags;
}
