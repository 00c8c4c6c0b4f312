using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using HotLoop.Timers;

namespace HotLoop.Parking;

/// <summary>
/// The place where the one operation of a direction (read or write) of a descriptor waits: Go's rg/wg, with the parked
/// goroutine replaced by a stored continuation, and the retry of the system call done here before it is resumed.
/// <para>
/// <b>The word.</b> A phase, and one bit, <c>Ready</c>: the poller said "try" and no try has followed yet.
/// </para>
/// <code>
///   phase     true while it holds                             who moves it on
///   None      nobody waits                                    starter -> Waiting, or -> Queued to let others run
///   Waiting   an operation waits for the kernel               loop (event) -> Queued; deadline, Close -> Busy       
///   Queued    the loop will retry it in this or the next tick loop -> Busy; Close -> Busy
///   Busy      exactly one thread owns it, to finish it        the owner -> None (finished), or -> Waiting (would block)
/// </code>
/// <para>
/// Every move is a compare-and-swap, so of an event, a deadline and a Close exactly one gets to finish an operation.
/// The starter holds the direction's lock (<c>FdLock</c>), so there is one starter; only the loop moves Waiting to
/// Queued and Queued to Busy for a retry.
/// </para>
/// <para>
/// <b>No lost wake-up.</b> A starter clears Ready before its try, and swaps None to Waiting only while Ready is clear: an
/// event after the try either sets Ready (the swap fails, the try is repeated) or finds Waiting.
/// </para>
/// <para>
/// <b>No lost Close, deadline or timer.</b> Those who end a wait publish first (closed bit, deadline) and look at the word second;
/// whoever makes the word Waiting looks at closed bit and deadline afterwards. Both sides cross a full fence in between,
/// so one of the two sees the other. The same holds for arming the timer (<see cref="_armedFor"/>).
/// </para>
/// <para>
/// <b>The result</b> is written by the owner of Busy, then published by <see cref="Signal"/>. It stays until the awaiter takes
/// it (<see cref="TakeCode"/>), and the direction's lock is held as long: the next operation cannot overwrite it.
/// </para>
/// </summary>
internal abstract class ParkSlot : TimerEntry, IThreadPoolWorkItem
{
    private const int ReadyBit = 1;
    private const int PhaseMask = 6;
    private const int None = 0;
    private const int Waiting = 2;
    private const int Queued = 4;
    private const int Busy = 6;

    // Stands in _continuation when the operation ended before its awaiter came. Never called.
    private static readonly Action<object?> s_ended = static _ => throw new UnreachableException();

    private readonly Scheduler _scheduler;

    private int _word;

    // The deadline in clock nanoseconds; 0 = none. Any thread writes it; see "No lost Close, deadline or timer".
    private long _deadline;

    // When the wheel will call OnTimer; 0 = not armed. Written by the loop only. It may be earlier than the deadline
    // (which has moved since: OnTimer arms it again) but, while something waits, not later.
    private long _armedFor;

    // Written by the starter, before the word is Waiting.
    private short _version;

    // Written by the owner of Busy, before Signal.
    private int _code;
    private volatile bool _ended;

    // Written by the awaiter, once an operation; _continuation last, by compare-and-swap against Signal.
    private Action<object?>? _continuation;
    private object? _continuationState;
    private object? _continuationContext;

    private protected ParkSlot(Scheduler scheduler) => _scheduler = scheduler;

    internal Scheduler Scheduler => _scheduler;

    /// <summary>The token of the current operation's ValueTask.</summary>
    internal short Version => _version;

    /// <summary>The deadline of this direction, clock nanoseconds, 0 for none. Sticky until set again.</summary>
    internal long Deadline => Volatile.Read(ref _deadline);

    /// <summary>
    /// Whether the deadline has passed: by the loop clock on the loop's thread, by the clock itself elsewhere (the clock
    /// of a sleeping loop stands still).
    /// </summary>
    internal bool IsDeadlineExceeded
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            long deadline = Volatile.Read(ref _deadline);
            return deadline != 0 && deadline <= (_scheduler.IsCurrent ? _scheduler.Now : Clock.Now);
        }
    }

    /// <summary>The descriptor has been closed (or never will be usable again): parked operations must end.</summary>
    private protected abstract bool IsClosing { get; }

    /// <summary>
    /// The operation's system call, by the owner of Busy. True when the operation has ended, with its code; false when
    /// it would block.
    /// </summary>
    private protected abstract bool Attempt(out int code);

    /// <summary>The operation has ended: gives up its reference to the descriptor. By the owner of Busy.</summary>
    private protected abstract void OnEnded();

    // ---- the poller's side -------------------------------------------------------------------------------------

    /// <summary>An event came for this direction. On the loop's thread. True when the loop has to <see cref="Run"/> it.</summary>
    internal bool OnReady()
    {
        while (true)
        {
            int word = Volatile.Read(ref _word);
            if ((word & PhaseMask) == Waiting)
            {
                if (Move(word, Queued))
                {
                    return true;
                }
            }
            else if ((word & ReadyBit) != 0 || Move(word, word | ReadyBit))
            {
                return false;
            }
        }
    }

    /// <summary>Retries a queued operation and, when it ends, resumes its continuation. On the loop's thread.</summary>
    internal void Run()
    {
        Debug.Assert(_scheduler.IsCurrent, "a slot is run by its loop");
        int word = Volatile.Read(ref _word);
        if ((word & PhaseMask) != Queued || !Move(word, Busy))
        {
            return; // Close was faster
        }

        while (true)
        {
            if (IsClosing)
            {
                Finish(Outcome.Closed, resumeInline: true);
                return;
            }

            if (Attempt(out int code))
            {
                Finish(code, resumeInline: true);
                return;
            }

            if (Move(Busy, Waiting))
            {
                AfterWaiting();
                return;
            }

            ClearReady();
        }
    }

    // ---- the starter's side ------------------------------------------------------------------------------------

    /// <summary>Takes the Ready bit: true when a try may succeed. For the starter.</summary>
    internal bool TakeReady()
    {
        if ((Volatile.Read(ref _word) & ReadyBit) == 0)
        {
            return false;
        }

        ClearReady();
        return true;
    }

    /// <summary>The last try did not find the end of what is there: the next operation tries at once.</summary>
    internal void SetReady()
    {
        if ((Volatile.Read(ref _word) & ReadyBit) == 0)
        {
            Interlocked.Or(ref _word, ReadyBit);
        }
    }

    /// <summary>Before an operation's fields are filled in, and before <see cref="TryWait"/>.</summary>
    internal void Begin()
    {
        Debug.Assert((_word & PhaseMask) == None, "one operation a slot");
        _version++;
        _ended = false;
        _continuation = null;
    }

    /// <summary>
    /// None to Waiting. False: an event has come since the last try, so try again (nothing was parked). True: the operation is the
    /// slot's now, and may even have ended.
    /// </summary>
    internal bool TryWait()
    {
        if (!Move(None, Waiting))
        {
            return false;
        }

        AfterWaiting();
        return true;
    }

    /// <summary>Parks the operation until the next tick, to let others run. On the loop's thread.</summary>
    internal void Yield()
    {
        int word;
        do
        {
            word = Volatile.Read(ref _word);
        }
        while (!Move(word, Queued));

        _scheduler.Enqueue(this);
        if (IsClosing)
        {
            EndIfWaiting(Outcome.Closed, alsoQueued: true);
        }
    }

    // ---- those who end a wait ----------------------------------------------------------------------------------

    /// <summary>Ends a parked operation. The closed bit must have been published. From any thread.</summary>
    internal void Evict() => EndIfWaiting(Outcome.Closed, alsoQueued: true);

    /// <summary>Sets the deadline (0: none); it holds for a parked operation too. From any thread.</summary>
    internal void SetDeadline(long deadline)
    {
        Volatile.Write(ref _deadline, deadline);
        Interlocked.MemoryBarrier();
        if ((Volatile.Read(ref _word) & PhaseMask) != None)
        {
            ApplyDeadline();
        }
    }

    internal sealed override void OnTimer()
    {
        Volatile.Write(ref _armedFor, 0);
        Interlocked.MemoryBarrier();
        ApplyDeadline();
    }

    // ---- the awaiter's side ------------------------------------------------------------------------------------

    internal ValueTaskSourceStatus StatusOf(short token)
    {
        CheckToken(token);
        return _ended ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    /// <summary>
    /// Stores the continuation. An awaiter on this slot's loop is resumed there, inline; any other is resumed where its
    /// own context says, or on the thread pool.
    /// </summary>
    internal void Await(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        CheckToken(token);
        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0
            && ExecutionContext.Capture() is { } executionContext)
        {
            state = new CapturedContinuation(executionContext, continuation, state);
            continuation = CapturedContinuation.Run;
        }

        _continuationContext = _scheduler.IsCurrent ? _scheduler : AwaiterContext.Capture(flags);
        _continuationState = state;
        Action<object?>? previous = Interlocked.CompareExchange(ref _continuation, continuation, null);
        if (previous is null)
        {
            return;
        }

        if (!ReferenceEquals(previous, s_ended))
        {
            throw new InvalidOperationException("The operation is already awaited: a ValueTask is awaited once.");
        }

        _continuation = continuation;
        Resume(inline: false);
    }

    /// <summary>
    /// Takes the result of an operation that has ended, once. The caller unlocks the direction after it has copied out the
    /// rest, and touches the slot no more.
    /// </summary>
    private protected int TakeCode(short token)
    {
        CheckToken(token);
        if (!_ended)
        {
            throw new InvalidOperationException("The operation has not ended: await its ValueTask.");
        }

        _continuation = null;
        _continuationState = null;
        _continuationContext = null;
        _version++;
        return _code;
    }

    void IThreadPoolWorkItem.Execute() => _continuation!(_continuationState);

    // ---- inside ------------------------------------------------------------------------------------------------

    /// <summary>For a slot that goes to another connection: as new, and ready for a first try.</summary>
    private protected void Reset()
    {
        Debug.Assert((_word & PhaseMask) == None, "only a quiet slot is reused");
        _word = ReadyBit;
        _deadline = 0;
    }

    private bool Move(int from, int to) => Interlocked.CompareExchange(ref _word, to, from) == from;

    private void ClearReady() => Interlocked.And(ref _word, ~ReadyBit);

    // The word has just become Waiting: whoever published before that could not see it.
    private void AfterWaiting()
    {
        if (IsClosing)
        {
            EndIfWaiting(Outcome.Closed, alsoQueued: true);
        }
        else if (Volatile.Read(ref _deadline) != 0)
        {
            ApplyDeadline();
        }
    }

    // A wait and a deadline have met: end the wait if the deadline has passed, else see that the wheel watches it.
    private void ApplyDeadline()
    {
        long deadline = Volatile.Read(ref _deadline);
        if (deadline == 0)
        {
            return;
        }

        if (IsDeadlineExceeded)
        {
            EndIfWaiting(Outcome.DeadlineExceeded, alsoQueued: false);
            return;
        }

        long armedFor = Volatile.Read(ref _armedFor);
        if (armedFor != 0 && armedFor <= deadline)
        {
            return;
        }

        if (_scheduler.IsCurrent)
        {
            Arm();
        }
        else
        {
            _scheduler.Post(static slot => ((ParkSlot)slot!).Arm(), this);
        }
    }

    // On the loop's thread.
    private void Arm()
    {
        long deadline = Volatile.Read(ref _deadline);
        if (deadline == 0 || (Volatile.Read(ref _word) & PhaseMask) == None)
        {
            return;
        }

        if (Bucket != NotArmed)
        {
            if (_armedFor <= deadline)
            {
                return;
            }

            _scheduler.Timers.Remove(this);
        }

        Volatile.Write(ref _armedFor, deadline);
        _scheduler.Timers.Add(this, deadline);
    }

    private void EndIfWaiting(int code, bool alsoQueued)
    {
        while (true)
        {
            int word = Volatile.Read(ref _word);
            int phase = word & PhaseMask;
            if (phase != Waiting && !(alsoQueued && phase == Queued))
            {
                return; // nobody waits, or its owner will look for itself
            }

            if (Move(word, Busy))
            {
                Finish(code, resumeInline: false);
                return;
            }
        }
    }

    // By the owner of Busy.
    private void Finish(int code, bool resumeInline)
    {
        _code = code;
        Interlocked.And(ref _word, ReadyBit); // phase None; an event that came meanwhile stays remembered
        OnEnded();
        Signal(resumeInline);
    }

    // Publishes the result; resumes the awaiter if there is one already, else it will find the mark.
    private void Signal(bool resumeInline)
    {
        _ended = true;
        if (Interlocked.CompareExchange(ref _continuation, s_ended, null) is not null)
        {
            Resume(resumeInline);
        }
    }

    private void Resume(bool inline)
    {
        object? context = _continuationContext;
        if (ReferenceEquals(context, _scheduler))
        {
            if (inline)
            {
                _continuation!(_continuationState);
            }
            else
            {
                _scheduler.Post(_continuation!, _continuationState);
            }
        }
        else if (context is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            AwaiterContext.Resume(context, _continuation!, _continuationState);
        }
    }

    private void CheckToken(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("The ValueTask was awaited before: its operation is over.");
        }
    }
}
