using System.Diagnostics;

namespace HotLoop.Parking;

/// <summary>
/// The place where the one operation of a direction (read or write) of a descriptor waits: Go's rg/wg, with the parked
/// goroutine replaced by a stored continuation, and the retry of the system call done here before it is resumed.
/// <para>
/// <b>The word.</b> A phase; one bit, <c>Ready</c>: the poller said "try" and no try has followed yet; and the operation's number, which
/// each new operation advances.
/// </para>
/// <code>
///   phase     true while it holds                             who moves it on
///   None      nobody waits                                    starter -> Waiting, or -> Queued: others first, or the loop's to try
///   Waiting   an operation waits for the kernel               loop (after an event), deadline, Close, Cancel -> Busy
///   Queued    the loop will try it in the next tick           loop, Close, Cancel -> Busy
///   Busy      exactly one thread owns it, to finish it        the owner -> None (finished), Waiting (would block), Queued
/// </code>
/// <para>
/// Every move to Busy is a compare-and-swap of the whole word, so of an event, a deadline, a Close and a cancellation exactly one gets to finish an
/// operation; and who judged by the deadline can only end the operation that it looked at before it judged, not a later one. The
/// starter holds the direction's lock (<c>FdLock</c>), so there is one starter. A word that is Busy on the loop's
/// thread is written by nobody else: Ready is set by the loop, and by the lock's holder while the phase is None; all others leave a Busy
/// word alone.
/// </para>
/// <para>
/// <b>No lost wake-up.</b> A starter parks only while Ready is clear after its last try, by swapping the very word it saw. An event that
/// does not find Waiting sets Ready and looks again (<see cref="OnReady"/>). One that does find it has the loop run the slot; if somebody
/// else ends the operation first, <see cref="Run"/> sets Ready and looks again, in the same way.
/// </para>
/// <para>
/// <b>No lost Close, deadline or timer.</b> Those who end a wait publish first (closed bit, deadline) and look at the word second;
/// whoever makes the word Waiting looks at closed bit and deadline afterwards. Both sides cross a full fence in between,
/// so one of the two sees the other. The same holds for arming the timer (<see cref="_armedFor"/>). A cancellation publishes nothing: it
/// names one operation, and waits while that is Busy.
/// </para>
/// <para>How a result gets to its awaiter is <see cref="ContinuationSlot"/>'s business.</para>
/// </summary>
internal abstract partial class ParkSlot : ContinuationSlot
{
    private const int ReadyBit = 1;
    private const int PhaseMask = 6;
    private const int None = 0;
    private const int Waiting = 2;
    private const int Queued = 4;
    private const int Busy = 6;
    private const int OneOperation = 8;

    private int _word;

    private protected ParkSlot(Scheduler scheduler)
        : base(scheduler)
    {
    }

    /// <summary>
    /// Names the operation that is parked, for <see cref="Cancel"/>. For its starter, as long as its result has not been taken.
    /// </summary>
    internal int Operation => NumberOf(Volatile.Read(ref _word));

    /// <summary>The descriptor has been closed (or never will be usable again): parked operations must end.</summary>
    private protected abstract bool IsClosing { get; }

    /// <summary>
    /// The operation's system call, by the owner of Busy. True when the operation has ended, with its code; false when it would block
    /// (-EAGAIN) or has done enough for one tick (<see cref="Outcome.Unfinished"/>).
    /// </summary>
    private protected abstract bool Attempt(out int code);

    // ---- the poller's side -------------------------------------------------------------------------------------

    /// <summary>An event came for this direction. On the loop's thread. True when the loop has to <see cref="Run"/> it.</summary>
    internal bool OnReady()
    {
        if (IsParked(Volatile.Read(ref _word)))
        {
            return true;
        }

        SetReady();
        return IsParked(Volatile.Read(ref _word));
    }

    /// <summary>Tries an operation again and, when it ends, resumes its continuation. On the loop's thread.</summary>
    internal void Run()
    {
        Debug.Assert(Scheduler.IsCurrent, "a slot is run by its loop");
        int word;
        while (true)
        {
            word = Volatile.Read(ref _word);
            int busy = (word & ~(PhaseMask | ReadyBit)) | Busy;
            if (IsParked(word))
            {
                if (Move(word, busy))
                {
                    word = busy;
                    break;
                }
            }
            else
            {
                SetReady(); // somebody else ended the operation: the next one has to know of the event
                if (!IsParked(Volatile.Read(ref _word)))
                {
                    return;
                }
            }
        }

        while (true)
        {
            if (IsClosing)
            {
                FinishOnLoop(Outcome.Closed);
                return;
            }

            if (Attempt(out int code))
            {
                FinishOnLoop(code);
                return;
            }

            if (code == Outcome.Unfinished)
            {
                Volatile.Write(ref _word, (word & ~PhaseMask) | Queued);
                Scheduler.Enqueue(this);
                Interlocked.MemoryBarrier();
                EndIfClosing();
                return;
            }

            if (Move(word, (word & ~PhaseMask) | Waiting))
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

    /// <summary>
    /// Parks a new operation. False: an event has come since the last try, so try again (nothing was parked). True: the operation is the
    /// slot's now, and may even have ended.
    /// </summary>
    internal bool TryWait()
    {
        int word = Volatile.Read(ref _word);
        Debug.Assert((word & PhaseMask) == None, "one operation a slot");
        if ((word & ReadyBit) != 0 || !Move(word, word + OneOperation + Waiting))
        {
            return false;
        }

        AfterWaiting();
        return true;
    }

    /// <summary>Parks a new operation until the loop's next tick: to let others run, or because only the loop can try it.</summary>
    internal void Yield()
    {
        int word;
        do
        {
            word = Volatile.Read(ref _word);
            Debug.Assert((word & PhaseMask) == None, "one operation a slot");
        }
        while (!Move(word, (word & ~ReadyBit) + OneOperation + Queued));

        if (Scheduler.IsCurrent)
        {
            Scheduler.Enqueue(this);
        }
        else
        {
            Scheduler.Post(static slot => ((ParkSlot)slot!).RunPosted(), this);
        }

        EndIfClosing();
    }

    // A loop that has ended lets others do its posted work; its sockets are closed by then.
    private void RunPosted()
    {
        if (Scheduler.IsCurrent)
        {
            Run();
        }
        else
        {
            EndIfClosing();
        }
    }

    // ---- those who end a wait ----------------------------------------------------------------------------------

    /// <summary>Ends a parked operation. The closed bit must have been published. From any thread.</summary>
    internal void Evict()
    {
        int word = Volatile.Read(ref _word);
        while (IsParked(word) && !TryEnd(word, Outcome.Closed))
        {
            word = Volatile.Read(ref _word);
        }
    }

    /// <summary>
    /// Ends <paramref name="operation"/> as canceled if it is still parked; never another one. From any thread, but not from inside the
    /// operation's own system call.
    /// </summary>
    internal void Cancel(int operation)
    {
        SpinWait spin = default;
        int word = Volatile.Read(ref _word);
        while (NumberOf(word) == operation && (word & PhaseMask) != None)
        {
            if (IsParked(word))
            {
                if (TryEnd(word, Outcome.Canceled))
                {
                    return;
                }
            }
            else
            {
                spin.SpinOnce(); // Busy lasts for a system call: then it has ended, or is parked again
            }

            word = Volatile.Read(ref _word);
        }
    }

    // ---- inside ------------------------------------------------------------------------------------------------

    /// <summary>For a slot that goes to another connection: as new, and ready for a first try.</summary>
    private protected void Reset()
    {
        Debug.Assert((_word & PhaseMask) == None, "only a quiet slot is reused");
        _word |= ReadyBit; // the operation's number goes on
        _deadline = 0;
    }

    private bool Move(int from, int to) => Interlocked.CompareExchange(ref _word, to, from) == from;

    private void ClearReady() => Interlocked.And(ref _word, ~ReadyBit);

    private static int NumberOf(int word) => word & -OneOperation;

    private static bool IsParked(int word) => (word & PhaseMask) is Waiting or Queued;

    // The word has just become Waiting: whoever published before that could not see it.
    private void AfterWaiting()
    {
        EndIfClosing();
        if (Volatile.Read(ref _deadline) != 0)
        {
            ApplyDeadline();
        }
    }

    // The word is read first: if it is still the same after the judgement, it is the operation that was judged.
    private void EndIfClosing()
    {
        int word = Volatile.Read(ref _word);
        while (IsClosing && IsParked(word) && !TryEnd(word, Outcome.Closed))
        {
            word = Volatile.Read(ref _word);
        }
    }

    private bool TryEnd(int word, int code)
    {
        if (!Move(word, (word & ~PhaseMask) | Busy))
        {
            return false;
        }

        Interlocked.And(ref _word, ~PhaseMask); // an event that comes meanwhile stays remembered
        Complete(code);
        return true;
    }

    // By the owner of Busy, in Run: nobody else writes the word now.
    private void FinishOnLoop(int code)
    {
        Volatile.Write(ref _word, _word & ~PhaseMask);
        CompleteInline(code);
    }
}
