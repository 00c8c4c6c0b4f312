using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <summary>
/// The system calls, each returning its value or -errno (<see cref="Errno"/>). EINTR is retried here and nowhere else.
/// Calls go through the package Tmds.LibC, but for those in <see cref="ByHand"/>; each has its own errno.
/// </summary>
internal static unsafe partial class Syscall
{
    // Go's limit for one call; also keeps every length an int.
    internal const int LengthMax = 1 << 30;

    internal static int Receive(int fd, Span<byte> buffer)
    {
        fixed (byte* p = &MemoryMarshal.GetReference(buffer))
        {
            while (true)
            {
                nint n = ByHand.syscall(ByHand.SYS_recvfrom, fd, p, Math.Min(buffer.Length, LengthMax), 0, null, 0);
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = ByHand.errno;
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
                nint n = ByHand.syscall(
                    ByHand.SYS_sendto, fd, p, Math.Min(buffer.Length, LengthMax), LibC.MSG_NOSIGNAL, null, 0);
                if (n >= 0)
                {
                    return (int)n;
                }

                int error = ByHand.errno;
                if (error != Errno.EINTR)
                {
                    return -error;
                }
            }
        }
    }

    /// <summary>Whether a receive would not wait: 0 or more if so, -EAGAIN if not, else -errno: told once, as by a receive.</summary>
    internal static int Peek(int fd)
    {
        byte first;
        while (true)
        {
            nint n = ByHand.syscall(ByHand.SYS_recvfrom, fd, &first, 1, LibC.MSG_PEEK, null, 0);
            if (n >= 0)
            {
                return (int)n;
            }

            int error = ByHand.errno;
            if (error != Errno.EINTR)
            {
                return -error;
            }
        }
    }

    internal static int Accept(int fd, out RawAddress peer)
    {
        sockaddr_storage storage;
        while (true)
        {
            socklen_t length = sizeof(sockaddr_storage);
            int accepted = LibC.accept4(fd, (sockaddr*)&storage, &length, LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC);
            if (accepted >= 0)
            {
                peer = SocketAddressCodec.Decode(&storage);
                return accepted;
            }

            int error = LibC.errno;
            if (error != Errno.EINTR)
            {
                peer = default;
                return -error;
            }
        }
    }

    /// <summary>Two ends of a Unix stream.</summary>
    internal static int SocketPair(out int first, out int second)
    {
        int* fds = stackalloc int[2];
        int result = Result(LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC, 0, fds));
        (first, second) = (fds[0], fds[1]);
        return result;
    }

    internal static int Shutdown(int fd, int how) => Result(LibC.shutdown(fd, how));

    /// <summary>Never retried: on Linux the number is free again even when close(2) reports EINTR.</summary>
    internal static int Close(int fd) => Result(LibC.close(fd));

    internal static int SetOption<T>(int fd, int level, int name, T value)
        where T : unmanaged =>
        Result(LibC.setsockopt(fd, level, name, &value, sizeof(T)));

    internal static int GetOption(int fd, int level, int name, out int value)
    {
        int v = 0;
        socklen_t length = sizeof(int);
        int result = Result(LibC.getsockopt(fd, level, name, &v, &length));
        value = v;
        return result;
    }

    /// <summary>Of a call through the package, which saves errno.</summary>
    internal static int Result(int returned) => returned >= 0 ? returned : -LibC.errno;
}
