using System.Runtime.InteropServices;
using HotLoop.Native;
using HotLoop.Native.Linux;
using Tmds.Linux;

namespace HotLoop.Polling.Epoll;

/// <summary>
/// epoll(7), edge-triggered: a descriptor is added once, for both directions. It leaves the set by being closed, unless it has
/// duplicates.
/// </summary>
internal sealed unsafe class EpollPoller : Poller
{
    private const ulong WakeToken = ulong.MaxValue;

    private readonly int _capacity;
    private readonly epoll_event* _events;
    private readonly int _epoll;
    private readonly int _wake;

    /// <param name="capacity">Most events taken from the kernel in one wait.</param>
    internal EpollPoller(int capacity)
    {
        _capacity = capacity;
        _epoll = Syscall.EpollCreate();
        _wake = Syscall.EventFd();

        // Edge-triggered, so that the counter need not be read back: each write is an edge of its own.
        int added = _epoll < 0 ? _epoll : _wake < 0 ? _wake : Syscall.EpollAdd(_epoll, _wake, LibC.EPOLLIN | LibC.EPOLLET, WakeToken);
        _events = (epoll_event*)NativeMemory.Alloc((nuint)capacity, (nuint)sizeof(epoll_event));
        if (added < 0)
        {
            Dispose();
            throw new IOException($"epoll: {Errno.Text(-added)}");
        }
    }

    internal override BackendKind Kind => BackendKind.Epoll;

    private static int Events => PollMask.Everything | LibC.EPOLLET;

    internal override PollHandle CreateHandle() => new EpollHandle(this);

    /// <summary>From any thread, both directions of a descriptor at once. 0 or -errno.</summary>
    internal int Add(int fd, ulong token)
    {
        int result = Syscall.EpollAdd(_epoll, fd, Events, token);

        // Either the other direction was faster, on another thread, or a duplicate has kept the entry of an earlier socket with this
        // number: it must name this one from now on.
        return result == -Errno.EEXIST ? Syscall.EpollModify(_epoll, fd, Events, token) : result;
    }

    /// <summary>From any thread.</summary>
    internal void Remove(int fd) => _ = Syscall.EpollRemove(_epoll, fd);

    internal override int Wait(Span<PollEvent> events, int timeoutMilliseconds)
    {
        int n = Syscall.EpollWait(_epoll, _events, Math.Min(_capacity, events.Length), timeoutMilliseconds);
        if (n < 0)
        {
            Environment.FailFast($"epoll_wait: {Errno.Text(-n)}");
        }

        int filled = 0;
        epoll_event* e = _events;
        for (int i = 0; i < n; i++, e++)
        {
            ulong token = e->data.u64;
            if (token != WakeToken)
            {
                events[filled++] = new PollEvent(token, PollMask.Translate(e->events));
            }
        }

        return filled;
    }

    internal override void Wake() => Syscall.EventFdSignal(_wake);

    public override void Dispose()
    {
        _ = Syscall.Close(_epoll);
        _ = Syscall.Close(_wake);
        NativeMemory.Free(_events);
    }
}
