using System.Runtime.CompilerServices;

namespace HotLoop.Native.Linux;

/// <content>io_uring, and the memory that is shared with the kernel.</content>
internal static unsafe partial class Syscall
{
    internal static int IoUringSetup(uint entries, io_uring_params* parameters) =>
        Result((int)LibC.syscall(LibC.SYS_io_uring_setup, (nint)entries, (nint)parameters, 0, 0, null, 0));

    /// <summary>Submits and waits: see io_uring_enter(2). EINTR comes out of it, for the caller goes round its loop anyway.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int IoUringEnter(int ring, uint submit, uint complete, uint flags, io_uring_getevents_arg* argument)
    {
        nint size = argument is null ? 0 : sizeof(io_uring_getevents_arg);
        return Result((int)LibC.syscall(LibC.SYS_io_uring_enter, ring, (nint)submit, (nint)complete, (nint)flags, argument, size));
    }

    internal static int IoUringRegister(int ring, uint operation, void* argument, uint count) =>
        Result((int)LibC.syscall(LibC.SYS_io_uring_register, ring, (nint)operation, (nint)argument, (nint)count, null, 0));

    /// <summary>
    /// Maps memory that a forked child does not get: of <paramref name="fd"/>, shared, or, when that is negative, fresh memory. Null and
    /// -errno when refused.
    /// </summary>
    internal static void* Map(nuint length, int fd, long offset, out int error)
    {
        int flags = fd < 0 ? LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS : LibC.MAP_SHARED | LibC.MAP_POPULATE;
        void* address = LibC.mmap(null, length, LibC.PROT_READ | LibC.PROT_WRITE, flags, fd, (nint)offset);
        if ((nint)address == -1)
        {
            error = -LastError();
            return null;
        }

        error = 0;
        _ = LibC.madvise(address, length, LibC.MADV_DONTFORK); // a wish: what forks without exec must not touch the ring
        return address;
    }

    internal static void Unmap(void* address, nuint length)
    {
        if (address is not null)
        {
            _ = LibC.munmap(address, length);
        }
    }
}
