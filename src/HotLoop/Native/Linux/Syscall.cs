using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HotLoop.Native.Linux;

/// <summary>
/// The system calls, each returning its value or -errno (<see cref="Errno"/>). EINTR is retried here and nowhere else.
/// errno is read straight after the call: the runtime preserves it on the way back from native code.
/// </summary>
internal static unsafe partial class Syscall
{
    // Go's limit for one call; also keeps every length an int.
    private const int LengthMax = 1 << 30;

    internal static int Receive(int fd, Span<byte> buffer)
    {
        fixed (byte* p = &MemoryMarshal.GetReference(buffer))
        {
            while (true)
            {
                nint n = LibC.syscall(LibC.SYS_recvfrom, fd, p, (nuint)Math.Min(buffer.Length, LengthMax), 0, null, 0);
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = LastError();
                if (error != Errno.EINTR)
                {
                    return -error;
                }
            }
        }
    }

    // Not inlined: handlers often write inside a try block, where the JIT cannot inline the native call itself and takes the
    // long way through a stub.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int Send(int fd, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* p = &MemoryMarshal.GetReference(buffer))
        {
            while (true)
            {
                nint n = LibC.syscall(
                    LibC.SYS_sendto, fd, p, (nuint)Math.Min(buffer.Length, LengthMax), LibC.MSG_NOSIGNAL, null, 0);
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = LastError();
                if (error != Errno.EINTR)
                {
                    return -error;
                }
            }
        }
    }

    internal static int Accept(int fd, out RawAddress peer)
    {
        sockaddr_storage storage;
        while (true)
        {
            uint length = (uint)sizeof(sockaddr_storage);
            int accepted = LibC.accept4(fd, &storage, &length, LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC);
            if (accepted >= 0)
            {
                peer = SocketAddressCodec.Decode(&storage);
                return accepted;
            }

            int error = LastError();
            if (error != Errno.EINTR)
            {
                peer = default;
                return -error;
            }
        }
    }

    internal static int Socket(int family, int type, int protocol) =>
        Result(LibC.socket(family, type | LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC, protocol));

    /// <summary>Two ends of a Unix stream.</summary>
    internal static int SocketPair(out int first, out int second)
    {
        int* fds = stackalloc int[2];
        int result = Result(LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC, 0, fds));
        (first, second) = (fds[0], fds[1]);
        return result;
    }

    internal static int Bind(int fd, in RawAddress address, int family)
    {
        sockaddr_storage storage;
        uint length = SocketAddressCodec.Encode(address, family, &storage);
        return Result(LibC.bind(fd, &storage, length));
    }

    internal static int Listen(int fd, int backlog) => Result(LibC.listen(fd, backlog));

    /// <summary>EINTR is not retried: connect(2) then goes on by itself, as after EINPROGRESS.</summary>
    internal static int Connect(int fd, in RawAddress address, int family)
    {
        sockaddr_storage storage;
        uint length = SocketAddressCodec.Encode(address, family, &storage);
        int result = Result(LibC.connect(fd, &storage, length));
        return result == -Errno.EINTR ? -Errno.EINPROGRESS : result;
    }

    internal static int Shutdown(int fd, int how) => Result(LibC.shutdown(fd, how));

    /// <summary>Never retried: on Linux the number is free again even when close(2) reports EINTR.</summary>
    internal static int Close(int fd) => Result(LibC.close(fd));

    internal static int SetOption<T>(int fd, int level, int name, T value)
        where T : unmanaged =>
        Result(LibC.setsockopt(fd, level, name, &value, (uint)sizeof(T)));

    internal static int GetOption(int fd, int level, int name, out int value)
    {
        int v = 0;
        uint length = sizeof(int);
        int result = Result(LibC.getsockopt(fd, level, name, &v, &length));
        value = v;
        return result;
    }

    internal static int LocalAddress(int fd, out RawAddress address)
    {
        sockaddr_storage storage = default;
        uint length = (uint)sizeof(sockaddr_storage);
        int result = Result(LibC.getsockname(fd, &storage, &length));
        address = SocketAddressCodec.Decode(&storage);
        return result;
    }

    internal static int PeerAddress(int fd, out RawAddress address)
    {
        sockaddr_storage storage = default;
        uint length = (uint)sizeof(sockaddr_storage);
        int result = Result(LibC.getpeername(fd, &storage, &length));
        address = SocketAddressCodec.Decode(&storage);
        return result;
    }

    internal static int EpollCreate() => Result(LibC.epoll_create1(LibC.EPOLL_CLOEXEC));

    internal static int EpollAdd(int epfd, int fd, uint events, ulong data)
    {
        byte* e = stackalloc byte[16];
        epoll_event.Set(e, events, data);
        return Result(LibC.epoll_ctl(epfd, LibC.EPOLL_CTL_ADD, fd, e));
    }

    internal static int EpollModify(int epfd, int fd, uint events, ulong data)
    {
        byte* e = stackalloc byte[16];
        epoll_event.Set(e, events, data);
        return Result(LibC.epoll_ctl(epfd, LibC.EPOLL_CTL_MOD, fd, e));
    }

    internal static int EpollRemove(int epfd, int fd)
    {
        byte* e = stackalloc byte[16];
        return Result(LibC.epoll_ctl(epfd, LibC.EPOLL_CTL_DEL, fd, e));
    }

    /// <summary>EINTR is an empty wait: the caller goes round its loop anyway.</summary>
    internal static int EpollWait(int epfd, byte* events, int maxEvents, int timeoutMilliseconds)
    {
        int n = LibC.epoll_wait(epfd, events, maxEvents, timeoutMilliseconds);
        if (n >= 0)
        {
            return n;
        }

        int error = LastError();
        return error == Errno.EINTR ? 0 : -error;
    }

    internal static int EventFd() => Result(LibC.eventfd(0, LibC.EFD_NONBLOCK | LibC.EFD_CLOEXEC));

    internal static int EventFdSignal(int fd)
    {
        ulong one = 1;
        while (true)
        {
            int result = Result((int)LibC.write(fd, &one, sizeof(ulong)));
            if (result != -Errno.EINTR)
            {
                return result;
            }
        }
    }

    /// <summary>How many descriptors the process may have (the soft limit); descriptor numbers stay below.</summary>
    internal static long DescriptorLimit()
    {
        rlimit limit;
        int result = Result(LibC.getrlimit(LibC.RLIMIT_NOFILE, &limit));
        return result < 0 ? int.MaxValue : (long)Math.Min(limit.rlim_cur, int.MaxValue);
    }

    /// <summary>The number that the next descriptor would get: the lowest that is free. Or -errno (EMFILE).</summary>
    internal static int NextDescriptor()
    {
        int fd = EventFd();
        if (fd >= 0)
        {
            _ = Close(fd);
        }

        return fd;
    }

    /// <summary>Binds the calling thread to one CPU.</summary>
    internal static int PinThread(int cpu)
    {
        Span<ulong> mask = stackalloc ulong[16];
        mask.Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        fixed (ulong* p = mask)
        {
            return Result(LibC.sched_setaffinity(0, (nuint)(mask.Length * sizeof(ulong)), p));
        }
    }

    /// <summary>The CPUs the calling thread may run on, lowest first.</summary>
    internal static int[] AllowedCpus()
    {
        Span<ulong> mask = stackalloc ulong[16];
        mask.Clear();
        fixed (ulong* p = mask)
        {
            if (LibC.sched_getaffinity(0, (nuint)(mask.Length * sizeof(ulong)), p) < 0)
            {
                return [];
            }
        }

        List<int> cpus = [];
        for (int cpu = 0; cpu < mask.Length * 64; cpu++)
        {
            if ((mask[cpu / 64] & (1UL << (cpu % 64))) != 0)
            {
                cpus.Add(cpu);
            }
        }

        return [.. cpus];
    }

    private static int Result(int returned) => returned >= 0 ? returned : -LastError();

    private static int LastError() => Marshal.GetLastSystemError();
}
