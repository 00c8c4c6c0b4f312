using System.Diagnostics;
using System.Numerics;
using HotLoop.Native;
using HotLoop.Native.Linux;
using HotLoop.Polling.Epoll;
using Tmds.Linux;

namespace HotLoop.Polling.Uring;

/// <content>What the kernel is asked for, on the loop's thread.</content>
internal sealed unsafe partial class UringPoller
{
    /// <summary>On the loop's thread; foreign: for a wait elsewhere, whose tries have not seen what is held.</summary>
    internal void Watch(UringHandle handle, Interest interest, bool isForeign)
    {
        if (handle.HasEvents && !handle.IsAhead)
        {
            return;
        }

        if (interest == Interest.Write)
        {
            Request(handle, Requests.Writable);
            return;
        }

        bool mayBeAhead = interest == Interest.Receive && !handle.KeepsBytes && !handle.IsShared;
        if (!handle.IsAhead)
        {
            if (!mayBeAhead || isForeign)
            {
                WatchEvents(handle);
                return;
            }

            handle.IsAhead = true;
            Interlocked.MemoryBarrier();
            if (handle.IsShared)
            {
                handle.IsAhead = false; // a moment ago: see PollHandle.Share
                WatchEvents(handle);
                return;
            }
        }

        if (!mayBeAhead)
        {
            WatchEvents(handle);
        }

        if (isForeign && handle.HoldsAnything)
        {
            _late.Enqueue(new PollEvent(handle.Token, Readiness.Read));
        }

        if (handle.HasEvents)
        {
            _ = EndAhead(handle);
        }
        else if (!handle.HoldsAnything && (handle.Pending & (Requests.Receive | Requests.Readable)) == 0)
        {
            ArmReceive(handle);
        }
    }

    private void ArmReceive(UringHandle socket)
    {
        if (_buffers.Available == 0 && !_buffers.TryGrow())
        {
            Request(socket, Requests.Readable);
            return;
        }

        // A multishot receive can miss an end or a reset that wakes it together with data (seen on Linux 6.18): a poll of its own does
        // not. Which of the two completes first does not matter: a cancel that comes too late finds nothing.
        Request(socket, Requests.HangUp);
        Request(socket, Requests.Receive);
    }

    /// <summary>
    /// See <see cref="PollHandle.StopReceivingAhead"/>. When the last obstacle has gone the socket is like any other, and an event says so.
    /// </summary>
    internal int EndAhead(UringHandle socket)
    {
        if ((socket.Pending & Requests.Receive) != 0)
        {
            CancelRequest(socket, Requests.Receive);
        }

        if (socket.HoldsAnything)
        {
            return -Errno.EOPNOTSUPP;
        }

        if ((socket.Pending & Requests.Receive) != 0)
        {
            return -Errno.EAGAIN;
        }

        socket.IsAhead = false;
        _late.Enqueue(new PollEvent(socket.Token, Readiness.Read));
        return 0;
    }

    private void WatchEvents(UringHandle socket)
    {
        socket.HasEvents = true;
        Request(socket, Requests.Events);
    }

    // A multishot poll ends when a completion of it finds no room. One that is requested again completes at once, for what it polls is mostly
    // ready: so most are left until there is room, or each would take the next one's, without end. While completions overflow, which those of
    // other connections may keep up, half as many are renewed as can be taken: fewer wait in the end, and none waits for ever.
    private void RenewLapsed(int eventsMax)
    {
        bool overflowed = _ring.Submissions.CompletionsOverflowed;
        if (_wakeLapsed && !overflowed)
        {
            _wakeLapsed = false;
            WatchWake();
        }

        int renewed = overflowed ? Math.Max(1, eventsMax / 2) : (int)(_ring.Completions.Room / 2);
        for (; renewed > 0 && _lapsed.TryDequeue(out UringHandle? socket); renewed--)
        {
            if (socket.HasLapsed)
            {
                socket.HasLapsed = false;
                Request(socket, Requests.Events);
            }
        }
    }

    private void WatchWake()
    {
        io_uring_sqe* entry = Add();
        entry->opcode = LibC.IORING_OP_POLL_ADD;
        entry->fd = _wake;
        entry->rw_flags = LibC.EPOLLIN;
        entry->len = ByHand.IORING_POLL_ADD_MULTI; // each write is an edge of its own: the counter need not be read back
        entry->user_data = Tag.Wake;
    }

    private void Request(UringHandle socket, Requests kind)
    {
        if ((socket.Pending & kind) != 0)
        {
            return;
        }

        socket.Pending |= kind;
        Register(socket);
        io_uring_sqe* entry = Add();
        entry->fd = socket.Fd;
        entry->user_data = Tag.Of(socket.Token, kind);
        switch (kind)
        {
            case Requests.Receive:
                entry->opcode = LibC.IORING_OP_RECV;
                entry->ioprio = ByHand.IORING_RECV_MULTISHOT | ByHand.IORING_RECVSEND_POLL_FIRST;
                entry->flags = LibC.IOSQE_BUFFER_SELECT;
                entry->buf_group = BufferRing.Group;
                break;
            case Requests.Events:
                entry->opcode = LibC.IORING_OP_POLL_ADD;

                // Where one wake-up makes one completion, its mask is that wake-up's, and one for data always has EPOLLPRI: so short receives
                // are never trusted here, which costs a call and loses nothing.
                entry->rw_flags = PollMask.Everything;
                entry->len = ByHand.IORING_POLL_ADD_MULTI; // edge-triggered
                break;
            case Requests.Writable:
                entry->opcode = LibC.IORING_OP_POLL_ADD;
                entry->rw_flags = LibC.EPOLLOUT;
                entry->len = ByHand.IORING_POLL_ADD_MULTI; // a poll for one time ends at once, again and again, when the peer has hung up
                break;
            default:
                entry->opcode = LibC.IORING_OP_POLL_ADD;
                entry->rw_flags = kind == Requests.HangUp ? LibC.EPOLLRDHUP : LibC.EPOLLIN | LibC.EPOLLRDHUP;
                break;
        }
    }

    private void Register(UringHandle handle)
    {
        int slot = PollToken.SlotOf(handle.Token);
        if (slot >= _handles.Length)
        {
            Array.Resize(ref _handles, (int)BitOperations.RoundUpToPowerOf2((uint)slot + 1));
        }

        _handles[slot] = handle;
    }

    private void CancelRequest(UringHandle socket, Requests kind)
    {
        if ((socket.Ending & kind) != 0)
        {
            return;
        }

        socket.Ending |= kind;
        io_uring_sqe* entry = Add();
        entry->opcode = LibC.IORING_OP_ASYNC_CANCEL;
        entry->addr = Tag.Of(socket.Token, kind);
        entry->user_data = Tag.Cancel;
    }

    // True: the kernel has no request of it any more.
    private bool ReleaseNow(UringHandle socket)
    {
        socket.HasLapsed = false; // nothing is requested any more
        if (socket.Pending == Requests.None)
        {
            DropReceived(socket);
            return true;
        }

        socket.IsReleasing = true;
        for (Requests kind = Requests.Receive; kind <= Requests.HangUp; kind = (Requests)((int)kind << 1))
        {
            if ((socket.Pending & kind) != 0)
            {
                CancelRequest(socket, kind);
            }
        }

        return false;
    }

    private void DropReceived(UringHandle socket)
    {
        Debug.Assert(socket.Pending == Requests.None, "the kernel could still receive");
        if (!socket.Received.IsEmpty)
        {
            _buffers.Drop(ref socket.Received);

            // A close with unread bytes in the socket resets the connection; so it is with bytes that we hold. But not for others who go on
            // with the same socket.
            if (!socket.IsShared)
            {
                _ = Syscall.SetOption(socket.Fd, LibC.SOL_SOCKET, LibC.SO_LINGER, new linger { l_onoff = 1, l_linger = 0 });
            }
        }

        socket.End = null;
        socket.IsAhead = false;
        socket.IsReleasing = false;
    }

    private io_uring_sqe* Add()
    {
        SubmissionQueue submissions = _ring.Submissions;
        io_uring_sqe* entry = submissions.TryAdd();
        for (int i = 0; entry is null; i++)
        {
            // Full. The kernel takes what is there at once, unless it is short of memory, or of room for completions.
            _ring.Completions.Publish();
            int result = _ring.Enter();
            CheckEntered(result);
            entry = submissions.TryAdd();
            if (entry is null && i == SubmitTriesMax)
            {
                Environment.FailFast($"io_uring_enter: takes no requests: {Errno.Text(-result)}");
            }
        }

        return entry;
    }
}
