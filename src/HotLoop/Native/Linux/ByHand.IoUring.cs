namespace HotLoop.Native.Linux;

/// <content>io_uring(7), as far as it is newer than what the package has: Linux 5.7.</content>
internal static unsafe partial class ByHand
{
    internal const int SYS_io_uring_enter = 426; // with the argument of IORING_ENTER_EXT_ARG; the same number everywhere

    internal const uint IORING_SETUP_R_DISABLED = 1u << 6;
    internal const uint IORING_SETUP_SUBMIT_ALL = 1u << 7;
    internal const uint IORING_SETUP_SINGLE_ISSUER = 1u << 12;
    internal const uint IORING_SETUP_DEFER_TASKRUN = 1u << 13;
    internal const uint IORING_SETUP_NO_SQARRAY = 1u << 16;

    internal const uint IORING_FEAT_EXT_ARG = 1u << 8;
    internal const uint IORING_FEAT_NO_IOWAIT = 1u << 17;

    internal const uint IORING_ENTER_EXT_ARG = 1u << 3;
    internal const uint IORING_ENTER_NO_IOWAIT = 1u << 7;

    internal const uint IORING_SQ_CQ_OVERFLOW = 1u << 1;

    internal const uint IORING_REGISTER_ENABLE_RINGS = 12;
    internal const uint IORING_REGISTER_PBUF_RING = 22;

    internal const ushort IORING_RECVSEND_POLL_FIRST = 1 << 0;
    internal const ushort IORING_RECV_MULTISHOT = 1 << 1;
    internal const uint IORING_POLL_ADD_MULTI = 1u << 0;

    internal const uint IORING_CQE_F_MORE = 1u << 1;
}
