using System.Collections.Concurrent;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Polling.Uring;

/// <summary>
/// io_uring(7): one multishot receive per connection, into buffers that the kernel takes when data comes, so that a busy connection's
/// bytes arrive with the very call that waits; everything else by poll requests on the same ring. Sends are made at once, by send(2).
/// See <see cref="UringHandle"/> for which descriptor is watched how.
/// <para>
/// <b>Threads.</b> The ring and all state belong to the loop's thread. What others ask for goes through <see cref="_foreign"/>:
/// enqueue, then set <see cref="_signaled"/>; whoever finds it clear writes to the eventfd. The loop clears it before it looks at the
/// queue, so a request is either seen or followed by another signal. Requests of one descriptor are served in the order in
/// which they were made, and before its release.
/// </para>
/// <para>
/// <b>Order of bytes.</b> A descriptor is received from in one way at a time: while a multishot receive is pending nobody calls recv(2) on it,
/// and before somebody does, what came earlier is read.
/// </para>
/// <para>
/// <b>Release.</b> A pending request holds the open file: close(2) alone would neither end it nor tell the peer. So requests are canceled,
/// each one's last completion is taken, and only then is the descriptor closed. No request outlives its connection.
/// </para>
/// </summary>
internal sealed unsafe partial class UringPoller : Poller
{
    private const int SubmitTriesMax = 100_000;

    // One is enough, unless completions have overflowed.
    private const int ReleaseTriesMax = 16;

    private readonly UringLimits _limits;
    private readonly Ring _ring;
    private readonly BufferRing _buffers;
    private readonly int _wake;
    private readonly ConcurrentQueue<ForeignRequest> _foreign = new();

    // Events for the next wait.
    private readonly Queue<PollEvent> _late = new();

    // Whose poll for events has ended and is still wanted; see RenewLapsed.
    private readonly Queue<UringHandle> _lapsed = new();
    private bool _wakeLapsed;

    // Whose requests the kernel has, by slot: completions name only that.
    private UringHandle[] _handles = new UringHandle[16];
    private int _thread;
    private int _signaled;
    private int _signalers;
    private volatile bool _disposed;

    private UringPoller(UringLimits limits, Ring ring, BufferRing buffers, int wake)
    {
        _limits = limits;
        _ring = ring;
        _buffers = buffers;
        _wake = wake;
    }

    internal override BackendKind Kind => BackendKind.IoUring;

    /// <summary>How often the kernel had data for a connection and no buffer. Written by the loop's thread.</summary>
    internal long BufferShortages { get; private set; }

    /// <summary>Waits in which the kernel kept completions for which the queue had no room. Written by the loop's thread.</summary>
    internal long CompletionOverflows { get; private set; }

    internal bool IsOnLoop => Environment.CurrentManagedThreadId == _thread;

    /// <summary>0 or -errno. The loop's thread is the first that calls <see cref="Wait"/>.</summary>
    internal static int TryCreate(UringLimits limits, out UringPoller? poller)
    {
        poller = null;
        int result = Ring.TryCreate((uint)limits.Submissions, (uint)limits.Completions, out Ring? ring);
        if (result < 0)
        {
            return result;
        }

        result = BufferRing.TryCreate(ring!, limits.Buffers, limits.BufferStep, out BufferRing? buffers);
        if (result < 0)
        {
            ring!.Dispose();
            return result;
        }

        int wake = Syscall.EventFd();
        if (wake < 0)
        {
            ring!.Dispose();
            buffers!.Dispose();
            return wake;
        }

        poller = new UringPoller(limits, ring!, buffers!, wake);
        return 0;
    }

    internal override int Wait(Span<PollEvent> events, int timeoutMilliseconds)
    {
        if (_thread == 0)
        {
            Begin();
        }

        if (Volatile.Read(ref _signaled) != 0)
        {
            ServeForeign();
        }

        if (_wakeLapsed || _lapsed.Count > 0)
        {
            RenewLapsed(events.Length);
        }

        int filled = 0;
        while (filled < events.Length && _late.TryDequeue(out PollEvent late))
        {
            events[filled++] = late;
        }

        bool mayWait = filled == 0 && timeoutMilliseconds != 0 && _ring.Completions.IsEmpty && !_wakeLapsed && _lapsed.Count == 0;
        int result = mayWait
            ? _ring.EnterAndWait(timeoutMilliseconds)
            : _ring.Enter();
        CheckEntered(result);
        filled = Collect(events, filled);
        if (_ring.Submissions.CompletionsOverflowed)
        {
            CompletionOverflows++;
            if (filled < events.Length)
            {
                CheckEntered(_ring.Enter()); // there is room again: the kernel moves what it has kept
                filled = Collect(events, filled);
            }
        }

        return filled;
    }

    internal override void Wake()
    {
        Interlocked.Increment(ref _signalers);
        if (!_disposed)
        {
            Syscall.EventFdSignal(_wake);
        }

        Interlocked.Decrement(ref _signalers);
    }

    internal override PollHandle CreateHandle() => new UringHandle(this);

    /// <summary>See <see cref="PollHandle.Release"/>; for one of which something was asked.</summary>
    internal bool Release(UringHandle handle)
    {
        if (!IsOnLoop)
        {
            bool hasEnded = !Ask(new ForeignRequest(handle, null));
            if (hasEnded)
            {
                handle.Drop(); // with the ring
            }

            return hasEnded;
        }

        ServeForeign(); // another thread may have had it watched, a moment ago
        bool released = ReleaseNow(handle);

        // A Close on the loop has taken effect when it returns, so what is canceled is not left to the next wait.
        for (int i = 0; !released && i < ReleaseTriesMax; i++)
        {
            CheckEntered(_ring.Enter());
            released = CollectLate(handle.Token);
        }

        return released;
    }

    public override void Dispose()
    {
        _disposed = true;
        Interlocked.MemoryBarrier();
        SpinWait spin = default;
        while (Volatile.Read(ref _signalers) != 0)
        {
            spin.SpinOnce();
        }

        _thread = 0; // nobody is the loop any more
        _ring.Dispose();
        _buffers.Dispose();
        _ = Syscall.Close(_wake);
    }

    private static void CheckEntered(int result)
    {
        // Time is up; interrupted; or too much is to be collected, or too little memory, to submit now: all to be tried again.
        if (result is not (0 or -Errno.ETIME or -Errno.EINTR or -Errno.EBUSY or -Errno.EAGAIN))
        {
            Environment.FailFast($"io_uring_enter: {Errno.Text(-result)}");
        }
    }

    private void Begin()
    {
        int result = _ring.Enable();
        if (result < 0)
        {
            Environment.FailFast($"io_uring: enable: {Errno.Text(-result)}");
        }

        _thread = Environment.CurrentManagedThreadId;
        WatchWake();
    }

    // ---- what other threads ask for --------------------------------------------------------------------------------

    /// <summary>Has the loop do it, which may happen later. False: the loop has ended, and the ring with it. From any thread.</summary>
    internal bool Ask(ForeignRequest request)
    {
        Interlocked.Increment(ref _signalers);
        bool alive = !_disposed;
        if (alive)
        {
            _foreign.Enqueue(request);
            if (Interlocked.Exchange(ref _signaled, 1) == 0)
            {
                Wake();
            }
        }

        Interlocked.Decrement(ref _signalers);
        return alive;
    }

    private void ServeForeign()
    {
        if (Interlocked.Exchange(ref _signaled, 0) == 0)
        {
            return;
        }

        while (_foreign.TryDequeue(out ForeignRequest request))
        {
            if (request.Interest is { } interest)
            {
                Watch(request.Handle, interest, isForeign: true);
            }
            else if (ReleaseNow(request.Handle))
            {
                _late.Enqueue(new PollEvent(request.Handle.Token, Readiness.Released));
            }
        }
    }
}
