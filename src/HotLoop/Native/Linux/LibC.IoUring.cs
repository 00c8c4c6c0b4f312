using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>io_uring(7). No libc has functions for it: the three system calls are made with syscall(2), their numbers the same everywhere.</summary>
internal static unsafe partial class LibC
{
    internal const int SYS_io_uring_setup = 425;
    internal const int SYS_io_uring_enter = 426;
    internal const int SYS_io_uring_register = 427;

    internal const uint IORING_SETUP_CQSIZE = 1u << 3;
    internal const uint IORING_SETUP_CLAMP = 1u << 4;
    internal const uint IORING_SETUP_R_DISABLED = 1u << 6;
    internal const uint IORING_SETUP_SUBMIT_ALL = 1u << 7;
    internal const uint IORING_SETUP_SINGLE_ISSUER = 1u << 12;
    internal const uint IORING_SETUP_DEFER_TASKRUN = 1u << 13;
    internal const uint IORING_SETUP_NO_SQARRAY = 1u << 16;

    internal const uint IORING_FEAT_SINGLE_MMAP = 1u << 0;
    internal const uint IORING_FEAT_NODROP = 1u << 1;
    internal const uint IORING_FEAT_EXT_ARG = 1u << 8;
    internal const uint IORING_FEAT_NO_IOWAIT = 1u << 17;

    internal const long IORING_OFF_SQ_RING = 0;
    internal const long IORING_OFF_SQES = 0x10000000;

    internal const uint IORING_ENTER_GETEVENTS = 1u << 0;
    internal const uint IORING_ENTER_EXT_ARG = 1u << 3;
    internal const uint IORING_ENTER_NO_IOWAIT = 1u << 7;

    internal const uint IORING_SQ_CQ_OVERFLOW = 1u << 1;

    internal const uint IORING_REGISTER_ENABLE_RINGS = 12;
    internal const uint IORING_REGISTER_PBUF_RING = 22;

    internal const byte IORING_OP_POLL_ADD = 6;
    internal const byte IORING_OP_ASYNC_CANCEL = 14;
    internal const byte IORING_OP_RECV = 27;

    internal const byte IOSQE_BUFFER_SELECT = 1 << 5;

    internal const ushort IORING_RECVSEND_POLL_FIRST = 1 << 0;
    internal const ushort IORING_RECV_MULTISHOT = 1 << 1;
    internal const uint IORING_POLL_ADD_MULTI = 1u << 0;

    internal const uint IORING_CQE_F_BUFFER = 1u << 0;
    internal const uint IORING_CQE_F_MORE = 1u << 1;
    internal const int IORING_CQE_BUFFER_SHIFT = 16;

    /// <summary>syscall(2) again, in the shape that io_uring's calls have.</summary>
    [LibraryImport(Library)]
    internal static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth, void* fifth, nint sixth);
}
