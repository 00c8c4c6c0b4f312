namespace HotLoop.Native.Linux;

/// <summary>struct io_uring_getevents_arg: how long io_uring_enter(2) waits. <c>pad</c> is <c>min_wait_usec</c> from Linux 6.12 on.</summary>
internal struct io_uring_getevents_arg
{
    internal ulong sigmask;
    internal uint sigmask_sz;
    internal uint pad;
    internal ulong ts;
}
