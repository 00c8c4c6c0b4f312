using HotLoop.Native;
using HotLoop.Native.Linux;
using Tmds.Linux;

namespace HotLoop.Polling.Uring;

/// <summary>
/// One io_uring(7): its descriptor, its mappings and its two queues.
/// <para>
/// <b>Threads.</b> Made by any thread, then enabled and from there on used by one only: the kernel holds to that
/// (IORING_SETUP_SINGLE_ISSUER), and does its deferred work nowhere but inside that thread's calls (IORING_SETUP_DEFER_TASKRUN). So
/// between two calls nothing is received, accepted or completed behind the thread's back.
/// </para>
/// </summary>
internal sealed unsafe class Ring : IDisposable
{
    // Linux 6.1. What is newer is in s_newer and left out, last first, where the kernel does not know it.
    private static readonly uint s_required = ByHand.IORING_SETUP_SINGLE_ISSUER | ByHand.IORING_SETUP_DEFER_TASKRUN | ByHand.IORING_SETUP_SUBMIT_ALL
        | LibC.IORING_SETUP_CQSIZE | LibC.IORING_SETUP_CLAMP | ByHand.IORING_SETUP_R_DISABLED;

    // One mapping for both queues, no lost completions, time-outs in the call: all older than these.
    private static readonly uint s_features = LibC.IORING_FEAT_SINGLE_MMAP | LibC.IORING_FEAT_NODROP | ByHand.IORING_FEAT_EXT_ARG;

    // Linux 6.6.
    private static readonly uint[] s_newer = [ByHand.IORING_SETUP_NO_SQARRAY];

    private readonly int _fd;
    private readonly uint _waitFlags;
    private readonly nuint _ringBytes;
    private readonly nuint _entriesBytes;
    private byte* _ring;
    private io_uring_sqe* _entries;

    private Ring(int fd, in io_uring_params parameters, out int error)
    {
        _fd = fd;

        // Waiting for the network is not waiting for a disk (Linux 6.15): without this the processor shows up as busy with I/O.
        _waitFlags = LibC.IORING_ENTER_GETEVENTS
            | ((parameters.features & ByHand.IORING_FEAT_NO_IOWAIT) != 0 ? ByHand.IORING_ENTER_NO_IOWAIT : 0);
        _ringBytes = Math.Max(
            parameters.sq_off.array + (parameters.sq_entries * sizeof(uint)),
            parameters.cq_off.cqes + (parameters.cq_entries * (uint)sizeof(io_uring_cqe)));
        _entriesBytes = parameters.sq_entries * (nuint)sizeof(io_uring_sqe);
        _ring = (byte*)Syscall.Map(_ringBytes, fd, LibC.IORING_OFF_SQ_RING, out error);
        if (error == 0)
        {
            _entries = (io_uring_sqe*)Syscall.Map(_entriesBytes, fd, LibC.IORING_OFF_SQES, out error);
        }

        if (error == 0)
        {
            Submissions = new SubmissionQueue(_ring, _entries, parameters);
            Completions = new CompletionQueue(_ring, parameters);
        }
    }

    internal SubmissionQueue Submissions { get; } = null!;

    internal CompletionQueue Completions { get; } = null!;

    /// <summary>0 or -errno: EINVAL and ENOSYS when the kernel is too old, EPERM when it is forbidden, ENOMEM, EMFILE.</summary>
    /// <param name="submissions">Requests that fit between two calls.</param>
    /// <param name="completions">Completions that fit; the kernel keeps others.</param>
    /// <param name="ring">The ring, not yet enabled.</param>
    internal static int TryCreate(uint submissions, uint completions, out Ring? ring)
    {
        ring = null;
        int fd = -Errno.EINVAL;
        io_uring_params parameters = default;
        for (int newer = s_newer.Length; newer >= 0 && fd == -Errno.EINVAL; newer--)
        {
            parameters = new io_uring_params { flags = s_required, cq_entries = completions };
            foreach (uint flag in s_newer.AsSpan(0, newer))
            {
                parameters.flags |= flag;
            }

            fd = Syscall.IoUringSetup(submissions, &parameters);
        }

        if (fd < 0)
        {
            return fd;
        }

        if ((parameters.features & s_features) != s_features)
        {
            _ = Syscall.Close(fd);
            return -Errno.EINVAL;
        }

        Ring made = new(fd, parameters, out int error);
        if (error < 0)
        {
            made.Dispose();
            return error;
        }

        ring = made;
        return 0;
    }

    /// <summary>From here on the ring is the calling thread's. 0 or -errno.</summary>
    internal int Enable() => Syscall.IoUringRegister(_fd, ByHand.IORING_REGISTER_ENABLE_RINGS, null, 0);

    /// <summary>Before it is enabled: has receives take their memory from a ring of buffers. 0 or -errno.</summary>
    internal int Register(in io_uring_buf_reg buffers)
    {
        fixed (io_uring_buf_reg* p = &buffers)
        {
            return Syscall.IoUringRegister(_fd, ByHand.IORING_REGISTER_PBUF_RING, p, 1);
        }
    }

    /// <summary>Submits, and has the kernel do what it has put off. 0 or -errno: see io_uring_enter(2).</summary>
    internal int Enter()
    {
        Submissions.Publish();
        return Math.Min(Syscall.IoUringEnter(_fd, Submissions.Count, 0, LibC.IORING_ENTER_GETEVENTS, null), 0);
    }

    /// <summary>As <see cref="Enter"/>, then waits for a completion. Negative milliseconds: no limit.</summary>
    internal int EnterAndWait(int timeoutMilliseconds)
    {
        Submissions.Publish();
        if (timeoutMilliseconds < 0)
        {
            return Math.Min(Syscall.IoUringEnter(_fd, Submissions.Count, 1, _waitFlags, null), 0);
        }

        timespec time = new() { tv_sec = timeoutMilliseconds / 1000, tv_nsec = timeoutMilliseconds % 1000 * 1_000_000 };
        io_uring_getevents_arg argument = new() { ts = (ulong)&time };
        return Math.Min(Syscall.IoUringEnter(_fd, Submissions.Count, 1, _waitFlags | ByHand.IORING_ENTER_EXT_ARG, &argument), 0);
    }

    /// <summary>
    /// The kernel ends what is still under way on its own time. Nothing should be: older kernels may still complete it into memory, which is
    /// unmapped by then.
    /// </summary>
    public void Dispose()
    {
        _ = Syscall.Close(_fd);
        Syscall.Unmap(_ring, _ringBytes);
        Syscall.Unmap(_entries, _entriesBytes);
        _ring = null;
        _entries = null;
    }
}
