using System.Diagnostics;
using System.Runtime.CompilerServices;
using HotLoop.Native;
using HotLoop.Native.Linux;
using HotLoop.Polling.Epoll;
using Tmds.Linux;

namespace HotLoop.Polling.Uring;

/// <content>What the kernel has to tell, and what is made of it. On the loop's thread.</content>
internal sealed unsafe partial class UringPoller
{
    private int Collect(Span<PollEvent> events, int filled)
    {
        CompletionQueue completions = _ring.Completions;
        while (filled < events.Length && completions.TryTake(out io_uring_cqe completion))
        {
            Readiness readiness = Complete(completion, out ulong token);
            if (readiness != 0)
            {
                events[filled++] = new PollEvent(token, readiness);
            }
        }

        completions.Publish();
        return filled;
    }

    // In the middle of a tick: the events wait for the next one. True when a socket's release has come, of which no event is made.
    private bool CollectLate(ulong releasing)
    {
        bool released = false;
        CompletionQueue completions = _ring.Completions;
        while (completions.TryTake(out io_uring_cqe completion))
        {
            Readiness readiness = Complete(completion, out ulong token);
            if (token == releasing && readiness == Readiness.Released)
            {
                released = true;
            }
            else if (readiness != 0)
            {
                _late.Enqueue(new PollEvent(token, readiness));
            }
        }

        completions.Publish();
        return released;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Readiness Complete(in io_uring_cqe completion, out ulong token)
    {
        ulong kind = Tag.KindOf(completion.user_data);
        if (kind > (ulong)Requests.HangUp)
        {
            token = 0;
            CompleteOwn(kind, completion);
            return 0;
        }

        UringHandle socket = _handles[Tag.SlotOf(completion.user_data)];
        token = socket.Token;
        bool isLast = (completion.flags & ByHand.IORING_CQE_F_MORE) == 0;
        if (isLast)
        {
            socket.Pending &= ~(Requests)kind;
            socket.Ending &= ~(Requests)kind;
        }

        Readiness readiness = (Requests)kind switch
        {
            Requests.Receive => OnReceived(socket, completion, isLast),
            Requests.Events => OnEvents(socket, completion.res, isLast),
            Requests.Writable => Readiness.Write,
            Requests.HangUp => OnHangUp(socket),
            _ => Readiness.Read,
        };
        return socket.IsReleasing ? OnReleasing(socket) : readiness;
    }

    private void CompleteOwn(ulong kind, in io_uring_cqe completion)
    {
        if (kind == Tag.Wake && (completion.flags & ByHand.IORING_CQE_F_MORE) == 0)
        {
            _wakeLapsed = true;
        }
    }

    private Readiness OnReceived(UringHandle socket, in io_uring_cqe completion, bool isLast)
    {
        bool hasBuffer = (completion.flags & LibC.IORING_CQE_F_BUFFER) != 0;
        int buffer = (int)(completion.flags >> LibC.IORING_CQE_BUFFER_SHIFT);
        if (completion.res > 0)
        {
            bool isFirst = socket.Received.IsEmpty;
            _buffers.Append(ref socket.Received, buffer, completion.res);
            bool isHigh = socket.Received.Bytes >= _limits.HighWatermarkBytes || socket.Received.Count >= _limits.HighWatermarkBuffers;
            if (isHigh && !isLast)
            {
                CancelRequest(socket, Requests.Receive);
            }

            // One event until all has been taken; and one when nothing more comes by itself.
            return isFirst || isLast ? Readiness.Read : 0;
        }

        if (hasBuffer)
        {
            _buffers.GiveBack(buffer);
        }

        // Out of buffers or memory, canceled, or interrupted: the next receive is made by recv(2).
        if (completion.res is -Errno.ENOBUFS or -Errno.ENOMEM or -Errno.ECANCELED or -Errno.EINTR or -Errno.EAGAIN)
        {
            if (completion.res == -Errno.ENOBUFS)
            {
                BufferShortages++;
                _ = _buffers.TryGrow();
            }

            return Readiness.Read;
        }

        socket.End = completion.res;
        return Readiness.Read | Readiness.Drain;
    }

    private Readiness OnEvents(UringHandle socket, int result, bool isLast)
    {
        if (isLast && !socket.IsReleasing)
        {
            socket.HasLapsed = true; // for want of room for completions
            _lapsed.Enqueue(socket);
        }

        return result < 0 ? Readiness.Read | Readiness.Write | Readiness.Drain : PollMask.Translate(result);
    }

    // Ends the receive, for it may not have seen what the poll has: its last completion has recv(2) find out.
    private Readiness OnHangUp(UringHandle socket)
    {
        if ((socket.Pending & Requests.Receive) != 0)
        {
            CancelRequest(socket, Requests.Receive);
        }

        return 0;
    }

    private Readiness OnReleasing(UringHandle socket)
    {
        if (socket.Pending != Requests.None)
        {
            return 0;
        }

        DropReceived(socket);
        return Readiness.Released;
    }

    /// <summary>See <see cref="PollHandle.TryReceive"/>.</summary>
    internal int Take(UringHandle socket, Span<byte> buffer)
    {
        Debug.Assert(IsOnLoop, "what is held belongs to the loop");
        if (!socket.Received.IsEmpty)
        {
            int n = _buffers.Take(ref socket.Received, buffer);
            bool mayBeMore = n < buffer.Length && socket.End is null && (socket.Pending & Requests.Receive) == 0;
            return mayBeMore ? n + TakeRest(socket, buffer[n..]) : n;
        }

        if (socket.End is { } end)
        {
            socket.End = null; // told from here once; then recv(2) is asked, which tells the end of a stream again and again
            return end;
        }

        return (socket.Pending & Requests.Receive) != 0 ? -Errno.EAGAIN : Syscall.Receive(socket.Fd, buffer);
    }

    // Where the kernel stopped receiving ahead, the socket has what follows.
    private int TakeRest(UringHandle socket, Span<byte> buffer)
    {
        int n = Syscall.Receive(socket.Fd, buffer);
        if (n < 0 && n != -Errno.EAGAIN)
        {
            socket.End = n; // the kernel tells it once, and so do we, after the bytes
            _late.Enqueue(new PollEvent(socket.Token, Readiness.Read | Readiness.Drain));
        }

        return Math.Max(n, 0);
    }

    /// <summary>See <see cref="PollHandle.TryPeek"/>.</summary>
    internal static int Peek(UringHandle socket)
    {
        if (!socket.Received.IsEmpty)
        {
            return 1;
        }

        if (socket.End is { } end)
        {
            socket.End = end == 0 ? end : null; // an error is told once
            return end;
        }

        return (socket.Pending & Requests.Receive) != 0 ? -Errno.EAGAIN : Syscall.Peek(socket.Fd);
    }
}
