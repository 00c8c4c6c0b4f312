namespace HotLoop.Native.Linux;

/// <content>Duplicates, and pipes for splicing.</content>
internal static unsafe partial class Syscall
{
    /// <summary>Another descriptor of the same open file, close-on-exec.</summary>
    internal static int Duplicate(int fd) => Fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0);

    internal static int SetNonBlocking(int fd)
    {
        int flags = Fcntl(fd, LibC.F_GETFL, 0);
        return flags < 0 ? flags : Fcntl(fd, LibC.F_SETFL, flags | LibC.O_NONBLOCK);
    }

    internal static int Pipe(out int read, out int write)
    {
        int* fds = stackalloc int[2];
        int result = Result(LibC.pipe2(fds, LibC.O_NONBLOCK | LibC.O_CLOEXEC));
        read = fds[0];
        write = fds[1];
        return result;
    }

    /// <summary>Asks for room; the kernel may refuse, and the pipe stays as it is.</summary>
    internal static int SetPipeSize(int fd, int bytes) => Fcntl(fd, LibC.F_SETPIPE_SZ, bytes);

    /// <summary>Moves bytes between a pipe and a socket without copying them to user space: a count, 0 at the end, or -EAGAIN.</summary>
    internal static int Splice(int from, int to, int length)
    {
        while (true)
        {
            nint n = LibC.splice(from, null, to, null, (nuint)length, LibC.SPLICE_F_MOVE | LibC.SPLICE_F_NONBLOCK);
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

    /// <summary>Writes to a pipe that has room.</summary>
    internal static int WriteToPipe(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            while (true)
            {
                int result = Result((int)LibC.write(fd, p, (nuint)bytes.Length));
                if (result != -Errno.EINTR)
                {
                    return result;
                }
            }
        }
    }

    // fcntl(2) is variadic: called as in LibC.syscall.
    private static int Fcntl(int fd, int command, int argument)
    {
        nint result = LibC.syscall(LibC.SYS_fcntl, fd, (void*)command, (nuint)argument, 0, null, 0);
        return result >= 0 ? (int)result : -LastError();
    }
}
