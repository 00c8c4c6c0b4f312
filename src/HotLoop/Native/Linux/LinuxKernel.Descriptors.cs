using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <content>Duplicates, pipes for splicing, and how many descriptors there may be.</content>
internal sealed unsafe partial class LinuxKernel
{
    internal override int Duplicate(int fd) => Syscall.Result(LibC.fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0));

    internal override int SetNonBlocking(int fd)
    {
        int flags = Syscall.Result(LibC.fcntl(fd, LibC.F_GETFL));
        return flags < 0 ? flags : Syscall.Result(LibC.fcntl(fd, LibC.F_SETFL, flags | LibC.O_NONBLOCK));
    }

    internal override int Pipe(out int read, out int write)
    {
        int* fds = stackalloc int[2];
        int result = Syscall.Result(LibC.pipe2(fds, LibC.O_NONBLOCK | LibC.O_CLOEXEC));
        read = fds[0];
        write = fds[1];
        return result;
    }

    internal override int SetPipeSize(int fd, int bytes) => Syscall.Result(LibC.fcntl(fd, LibC.F_SETPIPE_SZ, bytes));

    internal override int Splice(int from, int to, int length)
    {
        while (true)
        {
            int n = (int)LibC.splice(from, null, to, null, length, (uint)(LibC.SPLICE_F_MOVE | LibC.SPLICE_F_NONBLOCK));
            if (n >= 0)
            {
                return n;
            }

            int error = LibC.errno;
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
                int result = Syscall.Result((int)LibC.write(fd, p, bytes.Length));
                if (result != -Errno.EINTR)
                {
                    return result;
                }
            }
        }
    }

    internal override int Unlink(string path)
    {
        byte[] bytes = new byte[(path.Length * 3) + 1]; // and its NUL
        int length = ByteText.Encode(path, bytes);
        if (length < 0 || bytes.AsSpan(0, length).Contains((byte)0))
        {
            return -Errno.EINVAL;
        }

        fixed (byte* p = bytes)
        {
            return Syscall.Result(LibC.unlink(p));
        }
    }

    internal override long DescriptorLimit()
    {
        rlimit limit;
        return ByHand.getrlimit(ByHand.RLIMIT_NOFILE, &limit) < 0 ? int.MaxValue : (long)Math.Min(limit.rlim_cur, int.MaxValue);
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
}
