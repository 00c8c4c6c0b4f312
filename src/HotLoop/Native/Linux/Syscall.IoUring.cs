using System.Runtime.CompilerServices;
using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <content>io_uring, and the memory that is shared with the kernel.</content>
internal static unsafe partial class Syscall
{
    internal static int IoUringSetup(uint entries, io_uring_params* parameters)
    {
        LibraryNames.Prepare();
        return Result(LibC.io_uring_setup(entries, parameters));
    }

    /// <summary>Submits and waits: see io_uring_enter(2). EINTR comes out of it, for the caller goes round its loop anyway.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int IoUringEnter(int ring, uint submit, uint complete, uint flags, io_uring_getevents_arg* argument)
    {
        nint size = argument is null ? 0 : sizeof(io_uring_getevents_arg);
        nint n = ByHand.syscall(ByHand.SYS_io_uring_enter, ring, (void*)submit, (nint)complete, (nint)flags, argument, size);
        return n >= 0 ? (int)n : -ByHand.errno;
    }

    internal static int IoUringRegister(int ring, uint operation, void* argument, uint count) =>
        Result(LibC.io_uring_register(ring, operation, argument, count));

    /// <summary>
    /// Maps memory that a forked child does not get: of <paramref name="fd"/>, shared, or, when that is negative, fresh memory. Null and
    /// -errno when refused.
    /// </summary>
    internal static void* Map(nuint length, int fd, ulong offset, out int error)
    {
        int flags = fd < 0 ? LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS : LibC.MAP_SHARED | LibC.MAP_POPULATE;
        void* address = LibC.mmap(null, (size_t)length, LibC.PROT_READ | LibC.PROT_WRITE, flags, fd, (long)offset);
        if ((nint)address == -1)
        {
            error = -LibC.errno;
            return null;
        }

        error = 0;
        _ = LibC.madvise(address, (size_t)length, LibC.MADV_DONTFORK); // a wish: what forks without exec must not touch the ring
        return address;
    }

    internal static void Unmap(void* address, nuint length)
    {
        if (address is not null)
        {
            _ = LibC.munmap(address, (size_t)length);
        }
    }
}
