using System.Diagnostics;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Polling.Uring;

/// <summary>
/// A descriptor and its requests to the ring, with what has been received ahead.
/// <para>
/// <b>Two ways to be told.</b> <i>By events</i>, as with epoll: one poll request for all directions and for good, and every operation
/// makes its own system call. <i>By receiving ahead</i>: the kernel receives by itself and the bytes are kept here
/// until somebody wants them. A descriptor is watched by events from its first wait for data on if a foreign thread waits, if others may
/// have the same open file, or if its kind does not allow to receive ahead; else that wait begins to receive ahead. Room to write has a poll of
/// its own until there are events.
/// </para>
/// <code>
///   None ----------> Events        first wait, see above; stays until the release
///   None ----------> Ahead         first read that waits on the loop
///   Ahead ---------> Events        an operation waits for the descriptor itself: the receive is canceled, what has come before is read first
///   Ahead ---------> None          the same, and nothing waits: the next read that waits may begin again
///   any -----------> None          released: the kernel has let go of all requests, what was not read has been dropped
/// </code>
/// Receiving ahead begins only where there are no events, so "events, and not ahead" is for good.
/// <para>
/// <b>Threads.</b> Everything is the loop's; the methods that others may call ask the loop (<see cref="UringPoller.Ask"/>). Other threads
/// read <see cref="IsAhead"/> and <see cref="HasEvents"/>. Receiving ahead begins only in a wait of the read lock's holder; it may
/// end at any time, and an event follows.
/// </para>
/// </summary>
internal sealed class UringHandle(UringPoller poller) : PollHandle
{
    private SegmentList _received;
    private volatile bool _isAhead;
    private volatile bool _hasEvents;

    // Something may have been asked of the loop, or the ring. Written under a direction's lock.
    private volatile bool _isKnown;

    /// <summary>Received bytes may be here instead of in the socket.</summary>
    internal bool IsAhead
    {
        get => _isAhead;
        set => _isAhead = value;
    }

    /// <summary>Watched by events, for good.</summary>
    internal bool HasEvents
    {
        get => _hasEvents;
        set => _hasEvents = value;
    }

    /// <summary>Requests that the kernel has.</summary>
    internal Requests Pending { get; set; }

    /// <summary>Requests that have been asked to end.</summary>
    internal Requests Ending { get; set; }

    /// <summary>The connection is over: when the kernel has no request any more, an event says so.</summary>
    internal bool IsReleasing { get; set; }

    /// <summary>The poll for events has ended without being asked to, and is to be renewed.</summary>
    internal bool HasLapsed { get; set; }

    internal ref SegmentList Received => ref _received;

    /// <summary>Bytes, or how the stream has ended, wait here to be taken.</summary>
    internal bool HoldsAnything => !_received.IsEmpty || End is not null;

    /// <summary>How the last receive ended, after the bytes in <see cref="Received"/>: 0 at the end of the stream, -errno, or null.</summary>
    internal int? End { get; set; }

    internal override void Open(int fd, ulong token)
    {
        Debug.Assert(Pending == Requests.None && _received.IsEmpty && !HasLapsed, "completions name the slot only: nothing outlives its connection");
        _isKnown = false;
        _isAhead = false;
        _hasEvents = false;
        IsReleasing = false;
        End = null;
        base.Open(fd, token);
    }

    internal override int Watch(Interest interest)
    {
        _isKnown = true;
        if (poller.IsOnLoop)
        {
            poller.Watch(this, interest, isForeign: false);
            return 0;
        }

        return (HasEvents && !IsAhead) || poller.Ask(new ForeignRequest(this, interest)) ? 0 : -Errno.EBADF;
    }

    internal override int TryReceive(Span<byte> buffer) =>
        !IsAhead ? Syscall.Receive(Fd, buffer) : poller.IsOnLoop ? poller.Take(this, buffer) : -Errno.EAGAIN;

    internal override int TryPeek() => !IsAhead ? Syscall.Peek(Fd) : poller.IsOnLoop ? UringPoller.Peek(this) : -Errno.EAGAIN;

    internal override int TrySend(ReadOnlySpan<byte> buffer) => Syscall.Send(Fd, buffer);

    internal override int TryAccept(out RawAddress peer) => Syscall.Accept(Fd, out peer);

    internal override int StopReceivingAhead()
    {
        if (!IsAhead)
        {
            return 0;
        }

        if (poller.IsOnLoop)
        {
            return poller.EndAhead(this);
        }

        _ = poller.Ask(new ForeignRequest(this, Interest.Read));
        return -Errno.EAGAIN;
    }

    /// <summary>The ring has gone, and what it held of this descriptor with it.</summary>
    internal void Drop()
    {
        Pending = Requests.None;
        Ending = Requests.None;
        HasLapsed = false;
        _received = default;
    }

    internal override bool Release() => !_isKnown || poller.Release(this);
}
