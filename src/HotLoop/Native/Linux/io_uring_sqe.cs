namespace HotLoop.Native.Linux;

/// <summary>
/// struct io_uring_sqe: one request. Of its unions the field is named that has the meaning used here, where it matters.
/// </summary>
internal struct io_uring_sqe
{
    internal byte opcode;
    internal byte flags;
    internal ushort ioprio;
    internal int fd;
    internal ulong off;
    internal ulong addr;
    internal uint len;

    /// <summary>Also msg_flags, accept_flags, cancel_flags, poll32_events.</summary>
    internal uint rw_flags;
    internal ulong user_data;

    /// <summary>Also buf_index.</summary>
    internal ushort buf_group;
    internal ushort personality;
    internal int splice_fd_in;
    internal ulong addr3;
    internal ulong __pad2;
}
