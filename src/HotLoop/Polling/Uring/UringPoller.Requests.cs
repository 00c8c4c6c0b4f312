using System.Diagnostics;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Polling.Uring;

/// <content>What the kernel is asked for, on the loop's thread.</content>
internal sealed unsafe partial class UringPoller
{
    private const uint ReadMask = LibC.EPOLLIN | LibC.EPOLLRDHUP;
    private const uint EventMask = ReadMask | LibC.EPOLLOUT | LibC.EPOLLPRI;

    // 1: watched for good. 0: until the next event.
    private int Watch(UringSocket socket, Interest interest, bool isForeign)
    {
        if (socket.HasEvents && !socket.IsPrefetching)
        {
            return 1;
        }

        if (interest == Interest.Write && !isForeign)
        {
            Request(socket, Requests.Writable);
            return 0;
        }

        if (!socket.IsPrefetching)
        {
            if (interest != Interest.Receive || isForeign)
            {
                WatchEvents(socket);
                return 1;
            }

            socket.IsPrefetching = true;
        }

        WatchPrefetching(socket, interest, isForeign);
        return 0;
    }

    private void WatchPrefetching(UringSocket socket, Interest interest, bool isForeign)
    {
        switch (interest)
        {
            case Interest.Write:
                Request(socket, Requests.Writable);
                return;
            case Interest.Read or Interest.ReceiveInPlace:
                WatchEvents(socket);
                if ((socket.Pending & Requests.Receive) != 0)
                {
                    CancelRequest(socket, Requests.Receive);
                }

                break;
        }

        if (socket.Received.IsEmpty && socket.End is null)
        {
            Receive(socket);
        }
        else if (isForeign && interest != Interest.Read)
        {
            _late.Enqueue(new PollEvent(socket.Token, Readiness.Read)); // a foreign thread does not see what is here
        }
    }

    // Nothing is held: has the kernel tell when something comes.
    private void Receive(UringSocket socket)
    {
        if (socket.HasEvents)
        {
            // Once nothing can come by itself any more, the socket is like any other.
            socket.IsPrefetching = (socket.Pending & Requests.Receive) != 0;
        }
        else if ((socket.Pending & (Requests.Receive | Requests.Readable)) == 0)
        {
            bool hasBuffers = _buffers.Available > 0 || _buffers.TryGrow();
            Request(socket, hasBuffers ? Requests.Receive : Requests.Readable);
        }
    }

    private void WatchEvents(UringSocket socket)
    {
        socket.HasEvents = true;
        Request(socket, Requests.Events);
    }

    private void WatchWake()
    {
        io_uring_sqe* entry = Add();
        entry->opcode = LibC.IORING_OP_POLL_ADD;
        entry->fd = _wake;
        entry->rw_flags = LibC.EPOLLIN;
        entry->len = LibC.IORING_POLL_ADD_MULTI; // each write is an edge of its own: the counter need not be read back
        entry->user_data = Tag.Wake;
    }

    private void Request(UringSocket socket, Requests kind)
    {
        if ((socket.Pending & kind) != 0)
        {
            return;
        }

        socket.Pending |= kind;
        io_uring_sqe* entry = Add();
        entry->fd = socket.Fd;
        entry->user_data = Tag.Of(socket.Token, kind);
        switch (kind)
        {
            case Requests.Receive:
                entry->opcode = LibC.IORING_OP_RECV;
                entry->ioprio = LibC.IORING_RECV_MULTISHOT | LibC.IORING_RECVSEND_POLL_FIRST;
                entry->flags = LibC.IOSQE_BUFFER_SELECT;
                entry->buf_group = BufferRing.Group;
                break;
            case Requests.Events:
                entry->opcode = LibC.IORING_OP_POLL_ADD;
                entry->rw_flags = EventMask;
                entry->len = LibC.IORING_POLL_ADD_MULTI; // edge-triggered
                break;
            default:
                entry->opcode = LibC.IORING_OP_POLL_ADD;
                entry->rw_flags = kind == Requests.Writable ? LibC.EPOLLOUT : ReadMask;
                break;
        }
    }

    private void CancelRequest(UringSocket socket, Requests kind)
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
    private bool ReleaseNow(PollTarget target)
    {
        UringSocket? socket = Find(target.Token);
        if (socket is null)
        {
            return true;
        }

        if (socket.Pending == Requests.None)
        {
            EndPrefetching(socket);
            return true;
        }

        socket.IsReleasing = true;
        for (Requests kind = Requests.Receive; kind <= Requests.Writable; kind = (Requests)((int)kind << 1))
        {
            if ((socket.Pending & kind) != 0)
            {
                CancelRequest(socket, kind);
            }
        }

        return false;
    }

    private void EndPrefetching(UringSocket socket)
    {
        Debug.Assert(socket.Pending == Requests.None, "the kernel could still receive");
        if (!socket.Received.IsEmpty)
        {
            _buffers.Drop(ref socket.Received);

            // A close with unread data in the socket resets the connection; so it is with data that we hold.
            _ = Syscall.SetOption(socket.Fd, LibC.SOL_SOCKET, LibC.SO_LINGER, new linger { l_onoff = 1, l_linger = 0 });
        }

        socket.End = null;
        socket.IsPrefetching = false;
        socket.IsReleasing = false;
    }

    private io_uring_sqe* Add()
    {
        SubmissionQueue submissions = _ring.Submissions;
        io_uring_sqe* entry = submissions.TryAdd();
        for (int i = 0; entry is null; i++)
        {
            // Full. The kernel takes what is there at once, unless it is short of memory.
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
