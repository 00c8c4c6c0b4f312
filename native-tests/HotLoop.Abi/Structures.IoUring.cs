using HotLoop.Native.Linux;

namespace HotLoop.Abi;

/// <content>io_uring's, and the time that it is given.</content>
internal static unsafe partial class Structures
{
    private static Field[] IoUringParams()
    {
        io_uring_params s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.sq_entries), (byte*)&s.sq_entries - start, sizeof(uint)),
            new(nameof(s.cq_entries), (byte*)&s.cq_entries - start, sizeof(uint)),
            new(nameof(s.flags), (byte*)&s.flags - start, sizeof(uint)),
            new(nameof(s.sq_thread_cpu), (byte*)&s.sq_thread_cpu - start, sizeof(uint)),
            new(nameof(s.sq_thread_idle), (byte*)&s.sq_thread_idle - start, sizeof(uint)),
            new(nameof(s.features), (byte*)&s.features - start, sizeof(uint)),
            new(nameof(s.wq_fd), (byte*)&s.wq_fd - start, sizeof(uint)),
            new(nameof(s.resv), (byte*)s.resv - start, 3 * sizeof(uint)),
            new(nameof(s.sq_off), (byte*)&s.sq_off - start, sizeof(io_sqring_offsets)),
            new(nameof(s.cq_off), (byte*)&s.cq_off - start, sizeof(io_cqring_offsets)),
        ];
    }

    private static Field[] IoSqringOffsets()
    {
        io_sqring_offsets s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.head), (byte*)&s.head - start, sizeof(uint)),
            new(nameof(s.tail), (byte*)&s.tail - start, sizeof(uint)),
            new(nameof(s.ring_mask), (byte*)&s.ring_mask - start, sizeof(uint)),
            new(nameof(s.ring_entries), (byte*)&s.ring_entries - start, sizeof(uint)),
            new(nameof(s.flags), (byte*)&s.flags - start, sizeof(uint)),
            new(nameof(s.dropped), (byte*)&s.dropped - start, sizeof(uint)),
            new(nameof(s.array), (byte*)&s.array - start, sizeof(uint)),
            new(nameof(s.resv1), (byte*)&s.resv1 - start, sizeof(uint)),
            new(nameof(s.user_addr), (byte*)&s.user_addr - start, sizeof(ulong)),
        ];
    }

    private static Field[] IoCqringOffsets()
    {
        io_cqring_offsets s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.head), (byte*)&s.head - start, sizeof(uint)),
            new(nameof(s.tail), (byte*)&s.tail - start, sizeof(uint)),
            new(nameof(s.ring_mask), (byte*)&s.ring_mask - start, sizeof(uint)),
            new(nameof(s.ring_entries), (byte*)&s.ring_entries - start, sizeof(uint)),
            new(nameof(s.overflow), (byte*)&s.overflow - start, sizeof(uint)),
            new(nameof(s.cqes), (byte*)&s.cqes - start, sizeof(uint)),
            new(nameof(s.flags), (byte*)&s.flags - start, sizeof(uint)),
            new(nameof(s.resv1), (byte*)&s.resv1 - start, sizeof(uint)),
            new(nameof(s.user_addr), (byte*)&s.user_addr - start, sizeof(ulong)),
        ];
    }

    private static Field[] IoUringSqe()
    {
        io_uring_sqe s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.opcode), (byte*)&s.opcode - start, sizeof(byte)),
            new(nameof(s.flags), (byte*)&s.flags - start, sizeof(byte)),
            new(nameof(s.ioprio), (byte*)&s.ioprio - start, sizeof(ushort)),
            new(nameof(s.fd), (byte*)&s.fd - start, sizeof(int)),
            new(nameof(s.off), (byte*)&s.off - start, sizeof(ulong)),
            new(nameof(s.addr), (byte*)&s.addr - start, sizeof(ulong)),
            new(nameof(s.len), (byte*)&s.len - start, sizeof(uint)),
            new(nameof(s.rw_flags), (byte*)&s.rw_flags - start, sizeof(uint)),
            new(nameof(s.user_data), (byte*)&s.user_data - start, sizeof(ulong)),
            new(nameof(s.buf_group), (byte*)&s.buf_group - start, sizeof(ushort)),
            new(nameof(s.personality), (byte*)&s.personality - start, sizeof(ushort)),
            new(nameof(s.splice_fd_in), (byte*)&s.splice_fd_in - start, sizeof(int)),
            new(nameof(s.addr3), (byte*)&s.addr3 - start, sizeof(ulong)),
            new(nameof(s.__pad2), (byte*)&s.__pad2 - start, sizeof(ulong)),
        ];
    }

    private static Field[] IoUringCqe()
    {
        io_uring_cqe s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.user_data), (byte*)&s.user_data - start, sizeof(ulong)),
            new(nameof(s.res), (byte*)&s.res - start, sizeof(int)),
            new(nameof(s.flags), (byte*)&s.flags - start, sizeof(uint)),
        ];
    }

    private static Field[] IoUringBuf()
    {
        io_uring_buf s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.addr), (byte*)&s.addr - start, sizeof(ulong)),
            new(nameof(s.len), (byte*)&s.len - start, sizeof(uint)),
            new(nameof(s.bid), (byte*)&s.bid - start, sizeof(ushort)),
            new(nameof(s.resv), (byte*)&s.resv - start, sizeof(ushort)),
        ];
    }

    private static Field[] IoUringBufReg()
    {
        io_uring_buf_reg s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.ring_addr), (byte*)&s.ring_addr - start, sizeof(ulong)),
            new(nameof(s.ring_entries), (byte*)&s.ring_entries - start, sizeof(uint)),
            new(nameof(s.bgid), (byte*)&s.bgid - start, sizeof(ushort)),
            new(nameof(s.flags), (byte*)&s.flags - start, sizeof(ushort)),
            new(nameof(s.resv), (byte*)s.resv - start, 3 * sizeof(ulong)),
        ];
    }

    private static Field[] IoUringGeteventsArg()
    {
        io_uring_getevents_arg s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.sigmask), (byte*)&s.sigmask - start, sizeof(ulong)),
            new(nameof(s.sigmask_sz), (byte*)&s.sigmask_sz - start, sizeof(uint)),
            new(nameof(s.pad), (byte*)&s.pad - start, sizeof(uint)),
            new(nameof(s.ts), (byte*)&s.ts - start, sizeof(ulong)),
        ];
    }

    private static Field[] Timespec()
    {
        timespec s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.tv_sec), (byte*)&s.tv_sec - start, sizeof(long)),
            new(nameof(s.tv_nsec), (byte*)&s.tv_nsec - start, sizeof(long)),
        ];
    }
}
