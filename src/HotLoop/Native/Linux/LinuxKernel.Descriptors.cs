namespace HotLoop.Native.Linux;

/// <content>Duplicates, pipes for splicing, and how many descriptors there may be.</content>
internal sealed unsafe partial class LinuxKernel
{
    internal override int Duplicate(int fd) => Fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0);

    internal override int SetNonBlocking(int fd)
    {
        int flags = Fcntl(fd, LibC.F_GETFL, 0);
        return flags < 0 ? flags : Fcntl(fd, LibC.F_SETFL, flags | LibC.O_NONBLOCK);
    }

    internal override int Pipe(out int read, out int write)
    {
        int* fds = stackalloc int[2];
        int result = Syscall.Result(LibC.pipe2(fds, LibC.O_NONBLOCK | LibC.O_CLOEXEC));
        read = fds[0];
        write = fds[1];
        return result;
    }

    internal override int SetPipeSize(int fd, int bytes) => Fcntl(fd, LibC.F_SETPIPE_SZ, bytes);

    internal override int Splice(int from, int to, int length)
    {
        while (true)
        {
            nint n = LibC.splice(from, null, to, null, (nuint)length, LibC.SPLICE_F_MOVE | LibC.SPLICE_F_NONBLOCK);
            if (n >= 0)
            {
                return (int)n;
            }

            int error = Syscall.LastError();
            if (error != Errno.EINTR)
            {
                return -error;
            }
        }
    }

    internal override int WriteToPipe(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            while (true)
            {
                int result = Syscall.Result((int)LibC.write(fd, p, (nuint)bytes.Length));
                if (result != -Errno.EINTR)
                {
                    return result;
                }
            }
        }
    }

    internal override int Unlink(string path) => Syscall.Result(LibC.unlink(path));

    internal override long DescriptorLimit()
    {
        rlimit limit;
        int result = Syscall.Result(LibC.getrlimit(LibC.RLIMIT_NOFILE, &limit));
        return result < 0 ? int.MaxValue : (long)Math.Min(limit.rlim_cur, int.MaxValue);
    }

    internal override int NextDescriptor()
    {
        int fd = Syscall.EventFd();
        if (fd >= 0)
        {
            _ = Syscall.Close(fd);
        }

        return fd;
    }

    // fcntl(2) is variadic: called as in LibC.syscall.
    private static int Fcntl(int fd, int command, int argument)
    {
        nint result = LibC.syscall(LibC.SYS_fcntl, fd, (void*)command, (nuint)argument, 0, null, 0);
        return result >= 0 ? (int)result : -Syscall.LastError();
    }
}
