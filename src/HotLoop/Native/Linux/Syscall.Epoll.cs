using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <content>epoll(7), and eventfd(2), by which a wait is woken.</content>
internal static unsafe partial class Syscall
{
    internal static int EpollCreate()
    {
        LibraryNames.Prepare();
        return Result(LibC.epoll_create1(LibC.EPOLL_CLOEXEC));
    }

    internal static int EpollAdd(int epfd, int fd, int events, ulong data) => EpollControl(epfd, LibC.EPOLL_CTL_ADD, fd, events, data);

    internal static int EpollModify(int epfd, int fd, int events, ulong data) => EpollControl(epfd, LibC.EPOLL_CTL_MOD, fd, events, data);

    internal static int EpollRemove(int epfd, int fd) => EpollControl(epfd, LibC.EPOLL_CTL_DEL, fd, 0, 0);

    /// <summary>EINTR is an empty wait: the caller goes round its loop anyway.</summary>
    internal static int EpollWait(int epfd, epoll_event* events, int maxEvents, int timeoutMilliseconds)
    {
        int n = ByHand.epoll_wait(epfd, events, maxEvents, timeoutMilliseconds);
        if (n >= 0)
        {
            return n;
        }

        int error = ByHand.errno;
        return error == Errno.EINTR ? 0 : -error;
    }

    internal static int EventFd() => Result(LibC.eventfd(0, LibC.EFD_NONBLOCK | LibC.EFD_CLOEXEC));

    /// <summary>Wakes whoever polls an eventfd edge-triggered; it need not be read back, for each write is an edge of its own.</summary>
    internal static void EventFdSignal(int fd)
    {
        ulong one = 1;
        int result;
        do
        {
            result = Result((int)LibC.write(fd, &one, sizeof(ulong)));
        }
        while (result == -Errno.EINTR);

        // The counter would overflow after 2^64 - 2 wake-ups; any other failure means that a loop sleeps for ever.
        if (result < 0)
        {
            Environment.FailFast($"eventfd write: {Errno.Text(-result)}");
        }
    }

    private static int EpollControl(int epfd, int operation, int fd, int events, ulong data)
    {
        epoll_event e = new() { events = events };
        e.data.u64 = data;
        return Result(LibC.epoll_ctl(epfd, operation, fd, &e));
    }
}
