using System.Diagnostics;

namespace HotLoop.Polling.Uring;

/// <summary>
/// What the poller knows of a descriptor; one object a slot of the table, used again for the slot's next connection.
/// <para>
/// <b>Two ways to be told.</b> <i>By events</i>, as with epoll: one poll request for all directions and for good, and every operation
/// makes its own system call. <i>By prefetch</i>: the kernel receives by itself and the bytes are kept here
/// until somebody wants them. A descriptor is watched by events from its first wait on if a foreign thread waits, if others may have the
/// same open file, or if its kind does not allow to receive ahead; else its first read begins to prefetch.
/// </para>
/// <code>
///   None ----------> Events        first wait, see above; stays until the release
///   None ----------> Prefetching   first read that waits on the loop
///   Prefetching ---> Events        somebody wants the descriptor itself: the receive is canceled, what has come before is read first
///   any -----------> None          released: the kernel has let go of all requests, what was not read has been dropped
/// </code>
/// Prefetching begins only where there are no events, so "events, and not prefetching" is for good.
/// <para>
/// <b>Threads.</b> Everything is the loop's. Other threads read <see cref="Token"/>, <see cref="IsPrefetching"/> and
/// <see cref="HasEvents"/>. Prefetching begins only in a wait of the read lock's holder; it may end at any time, and an event follows.
/// </para>
/// </summary>
internal sealed class UringSocket
{
    private ulong _token = ulong.MaxValue; // of no descriptor
    private SegmentList _received;
    private volatile bool _prefetching;
    private volatile bool _hasEvents;

    /// <summary>Which connection this is; see <see cref="PollTarget"/>.</summary>
    internal ulong Token => Volatile.Read(ref _token);

    internal int Fd { get; private set; }

    /// <summary>Received bytes may be here instead of in the socket.</summary>
    internal bool IsPrefetching
    {
        get => _prefetching;
        set => _prefetching = value;
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

    /// <summary>Others may have the same open file.</summary>
    internal bool IsShared { get; set; }

    /// <summary>How the last receive ended, after the bytes in <see cref="Received"/>: 0 at the end of the stream, -errno, or null.</summary>
    internal int? End { get; set; }

    /// <summary>For another connection. Nothing is pending, nothing is left to be read.</summary>
    internal void Renew(int fd, ulong token)
    {
        Debug.Assert(Pending == Requests.None && _received.IsEmpty && !HasLapsed, "completions name the slot only: nothing outlives its connection");
        Fd = fd;
        _prefetching = false;
        _hasEvents = false;
        IsReleasing = false;
        IsShared = false;
        End = null;
        Volatile.Write(ref _token, token);
    }
}
