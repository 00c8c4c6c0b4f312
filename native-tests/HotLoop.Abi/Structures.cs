using HotLoop.Native.Linux;

namespace HotLoop.Abi;

/// <summary>One field of a structure: where it is and how wide, in bytes.</summary>
internal readonly record struct Field(string Name, long Offset, int Width);

/// <summary>
/// The structures that the kernel reads and writes, measured with pointers: that is the layout it sees.
/// <see cref="StructureTests"/> checks that none is forgotten here.
/// </summary>
internal static unsafe partial class Structures
{
    internal static IReadOnlyDictionary<string, (Type Type, int Size, Field[] Fields)> All { get; } =
        new Dictionary<string, (Type, int, Field[])>
        {
            [nameof(sockaddr_in)] = (typeof(sockaddr_in), sizeof(sockaddr_in), SockaddrIn()),
            [nameof(sockaddr_in6)] = (typeof(sockaddr_in6), sizeof(sockaddr_in6), SockaddrIn6()),
            [nameof(sockaddr_storage)] = (typeof(sockaddr_storage), sizeof(sockaddr_storage), SockaddrStorage()),
            [nameof(sockaddr_un)] = (typeof(sockaddr_un), sizeof(sockaddr_un), SockaddrUn()),
            [nameof(iovec)] = (typeof(iovec), sizeof(iovec), Iovec()),
            [nameof(msghdr)] = (typeof(msghdr), sizeof(msghdr), Msghdr()),
            [nameof(linger)] = (typeof(linger), sizeof(linger), Linger()),
            [nameof(rlimit)] = (typeof(rlimit), sizeof(rlimit), Rlimit()),
            [nameof(io_uring_params)] = (typeof(io_uring_params), sizeof(io_uring_params), IoUringParams()),
            [nameof(io_sqring_offsets)] = (typeof(io_sqring_offsets), sizeof(io_sqring_offsets), IoSqringOffsets()),
            [nameof(io_cqring_offsets)] = (typeof(io_cqring_offsets), sizeof(io_cqring_offsets), IoCqringOffsets()),
            [nameof(io_uring_sqe)] = (typeof(io_uring_sqe), sizeof(io_uring_sqe), IoUringSqe()),
            [nameof(io_uring_cqe)] = (typeof(io_uring_cqe), sizeof(io_uring_cqe), IoUringCqe()),
            [nameof(io_uring_buf)] = (typeof(io_uring_buf), sizeof(io_uring_buf), IoUringBuf()),
            [nameof(io_uring_buf_reg)] = (typeof(io_uring_buf_reg), sizeof(io_uring_buf_reg), IoUringBufReg()),
            [nameof(io_uring_getevents_arg)] = (typeof(io_uring_getevents_arg), sizeof(io_uring_getevents_arg), IoUringGeteventsArg()),
            [nameof(timespec)] = (typeof(timespec), sizeof(timespec), Timespec()),
        };

    private static Field[] SockaddrIn()
    {
        sockaddr_in s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.sin_family), (byte*)&s.sin_family - start, sizeof(ushort)),
            new(nameof(s.sin_port), (byte*)&s.sin_port - start, sizeof(ushort)),
            new(nameof(s.sin_addr), (byte*)&s.sin_addr - start, sizeof(uint)),
            new(nameof(s.sin_zero), s.sin_zero - start, (int)(start + sizeof(sockaddr_in) - s.sin_zero)),
        ];
    }

    private static Field[] SockaddrIn6()
    {
        sockaddr_in6 s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.sin6_family), (byte*)&s.sin6_family - start, sizeof(ushort)),
            new(nameof(s.sin6_port), (byte*)&s.sin6_port - start, sizeof(ushort)),
            new(nameof(s.sin6_flowinfo), (byte*)&s.sin6_flowinfo - start, sizeof(uint)),
            new(nameof(s.sin6_addr), s.sin6_addr - start, (int)((byte*)&s.sin6_scope_id - s.sin6_addr)),
            new(nameof(s.sin6_scope_id), (byte*)&s.sin6_scope_id - start, sizeof(uint)),
        ];
    }

    private static Field[] SockaddrStorage()
    {
        sockaddr_storage s;
        return [new(nameof(s.ss_family), (byte*)&s.ss_family - (byte*)&s, sizeof(ushort))];
    }

    private static Field[] SockaddrUn()
    {
        sockaddr_un s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.sun_family), (byte*)&s.sun_family - start, sizeof(ushort)),
            new(nameof(s.sun_path), s.sun_path - start, sockaddr_un.PathSize),
        ];
    }

    private static Field[] Iovec()
    {
        iovec s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.iov_base), (byte*)&s.iov_base - start, sizeof(void*)),
            new(nameof(s.iov_len), (byte*)&s.iov_len - start, sizeof(nuint)),
        ];
    }

    private static Field[] Msghdr()
    {
        msghdr s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.msg_name), (byte*)&s.msg_name - start, sizeof(void*)),
            new(nameof(s.msg_namelen), (byte*)&s.msg_namelen - start, sizeof(uint)),
            new(nameof(s.msg_iov), (byte*)&s.msg_iov - start, sizeof(iovec*)),
            new(nameof(s.msg_iovlen), (byte*)&s.msg_iovlen - start, sizeof(nuint)),
            new(nameof(s.msg_control), (byte*)&s.msg_control - start, sizeof(void*)),
            new(nameof(s.msg_controllen), (byte*)&s.msg_controllen - start, sizeof(nuint)),
            new(nameof(s.msg_flags), (byte*)&s.msg_flags - start, sizeof(int)),
        ];
    }

    private static Field[] Rlimit()
    {
        rlimit s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.rlim_cur), (byte*)&s.rlim_cur - start, sizeof(ulong)),
            new(nameof(s.rlim_max), (byte*)&s.rlim_max - start, sizeof(ulong)),
        ];
    }

    private static Field[] Linger()
    {
        linger s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.l_onoff), (byte*)&s.l_onoff - start, sizeof(int)),
            new(nameof(s.l_linger), (byte*)&s.l_linger - start, sizeof(int)),
        ];
    }
}
