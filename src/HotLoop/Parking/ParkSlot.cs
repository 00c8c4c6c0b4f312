using System.Diagnostics;
using HotLoop.Timers;

namespace HotLoop.Parking;

/// <summary>
/// The place where the one operation of a direction (read or write) of a descriptor waits: Go's rg/wg, with the parked
/// goroutine replaced by a stored continuation, and the retry of the system call done here before it is resumed.
/// <see cref="TryOrPark"/> is the heart: try, park, try again.
/// <para>
/// <b>The word.</b> A phase; one bit, <c>Ready</c>: an event came, and no operation has tried to park since; and the operation's number,
/// which each new operation advances.
/// </para>
/// <code>
///   phase     true while it holds                             who moves it on
///   None      nobody waits                                    starter -> Waiting, or on a loop -> Queued: others first
///   Waiting   an operation waits for the kernel               loop (after an event), deadline, Close, Cancel -> Busy
///   Queued    the loop will try it in the next tick           loop, Close, Cancel -> Busy
///   Busy      exactly one thread owns it, to finish it        the owner -> None (finished), Waiting (would block), Queued
/// </code>
/// <para>
/// Every move to Busy is a compare-and-swap of the whole word. So of an event, a deadline, a Close and a cancellation exactly one finishes an
/// operation; and whoever judged by the deadline can only end the operation that it looked at before it judged, not a later one. The
/// starter holds the direction's lock (<c>FdLock</c>), so there is one starter. While the phase is Busy on the loop's thread nobody else
/// writes the word. While it is None, the loop sets Ready, and the starter clears it; all others leave the word alone.
/// </para>
/// <para>
/// <b>No lost wake-up.</b> An operation parks only while Ready is clear, by swapping the word that its owner knows. If an event
/// came since, Ready is set, the swap fails, and the operation is tried once more. An event that does not find Waiting sets Ready and
/// looks again (<see cref="OnReady"/>). One that finds it has the loop run the slot; if somebody else ends the operation first,
/// <see cref="Run"/> sets Ready and looks again, in the same way.
/// </para>
/// <para>
/// <b>No lost Close, deadline or timer.</b> Those who end a wait publish first (closed bit, deadline) and look at the word second;
/// whoever makes the word Waiting looks at closed bit and deadline afterwards. Both sides cross a full fence in between,
/// so one of the two sees the other. The same holds for arming the timer (<see cref="TimerEntry.Due"/>). A cancellation publishes nothing: it
/// names one operation, and waits while that is Busy.
/// </para>
/// <para>How a result gets to its awaiter is the business of <see cref="Completion"/>.</para>
/// </summary>
internal abstract partial class ParkSlot : TimerEntry, IThreadPoolWorkItem
{
    private const int ReadyBit = 1;
    private const int PhaseMask = 6;
    private const int None = 0;
    private const int Waiting = 2;
    private const int Queued = 4;
    private const int Busy = 6;
    private const int OneOperation = 8;

    private int _word;

    private protected ParkSlot(Scheduler scheduler) => Scheduler = scheduler;

    internal Scheduler Scheduler { get; }

    /// <summary>
    /// Names the operation that is parked, for <see cref="Cancel"/>. For its starter, as long as its result has not been taken.
    /// </summary>
    internal int Operation => NumberOf(Volatile.Read(ref _word));

    /// <summary>As <see cref="Operation"/>, of one that waits for the kernel just now; null: none does. Any thread.</summary>
    internal int? WaitingOperation
    {
        get
        {
            int word = Volatile.Read(ref _word);
            return (word & PhaseMask) == Waiting ? NumberOf(word) : null;
        }
    }

    /// <summary>The descriptor has been closed: parked operations must end.</summary>
    private protected abstract bool IsClosing { get; }

    /// <summary>
    /// Whether the first try of an operation may succeed. False: only an event can tell, so it parks at once. For the starter, once it is
    /// sure that a try follows: it may take the Ready bit.
    /// </summary>
    private protected abstract bool ShouldTry();

    /// <summary>
    /// The operation's system call. True when the operation has ended, with its code; false when it would block
    /// (-EAGAIN) or has done enough for one tick (<see cref="Outcome.Unfinished"/>).
    /// </summary>
    private protected abstract bool TryOnce(out int code);

    /// <summary>The operation would block: has the poller report events of it. 0, or the code that ends the operation.</summary>
    private protected abstract int Watch();

    // ---- try, park, try again ----------------------------------------------------------------------------------

    /// <summary>Starts the operation whose fields have been filled in. For the starter.</summary>
    /// <param name="code">How it has ended.</param>
    /// <returns>
    /// True: the operation has ended. False: it is parked, belongs to the slot now, and may even have ended meanwhile.
    /// </returns>
    private protected bool TryStart(out int code)
    {
        if (IsDeadlineExceeded)
        {
            code = Outcome.DeadlineExceeded;
            return true;
        }

        _completion.Begin();
        int word = Volatile.Read(ref _word) & ~ReadyBit;
        Debug.Assert((word & PhaseMask) == None, "one operation a slot");
        int operation = word + OneOperation;
        if (Scheduler.Current is not { } loop || loop.SpendOperation())
        {
            return TryOrPark(word, operation, ShouldTry(), out code);
        }

        Enqueue(operation);
        code = Outcome.Unfinished;
        return false;
    }

    /// <summary>Tries an operation again and, when it ends, resumes its continuation. On the loop's thread.</summary>
    internal void Run()
    {
        Debug.Assert(Scheduler.IsCurrent, "a slot is run by its loop");
        int word;
        int busy;
        do
        {
            word = Volatile.Read(ref _word);
            if (!IsParked(word))
            {
                SetReady(); // somebody else ended the operation: the next one has to know of the event
                word = Volatile.Read(ref _word);
                if (!IsParked(word))
                {
                    return;
                }
            }

            busy = (word & ~(PhaseMask | ReadyBit)) | Busy;
        }
        while (!Move(word, busy));

        int code = Outcome.Closed;
        if (IsClosing || TryOrPark(busy, busy & ~PhaseMask, tries: true, out code))
        {
            FinishOnLoop(code);
        }
    }

    // Go's loop of FD.Read and FD.Write: try; would it block, wait; has an event come since, try again. The starter comes with phase None,
    // the loop with Busy: `held` is the word as its owner knows it, without Ready; `operation` is the parked word, without its phase.
    private bool TryOrPark(int held, int operation, bool tries, out int code)
    {
        while (true)
        {
            if (tries)
            {
                try
                {
                    if (TryOnce(out code))
                    {
                        return true;
                    }
                }
                catch (Exception e)
                {
                    _result = e;
                    code = Outcome.Faulted;
                    return true;
                }

                if (code == Outcome.Unfinished)
                {
                    if (Scheduler.Current is null)
                    {
                        continue; // no loop is held up
                    }

                    Enqueue(operation);
                    return false;
                }
            }

            code = Watch();
            if (code < 0)
            {
                return true;
            }

            if (Move(held, operation | Waiting))
            {
                AfterWaiting();
                return false;
            }

            ClearReady();
            tries = true;
        }
    }

    // Parks an operation until the loop's next tick, to let others run. On a loop's thread, which may be another loop.
    private void Enqueue(int operation)
    {
        Interlocked.Exchange(ref _word, operation | Queued); // without Ready: it will be tried
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

    // A loop that has ended leaves its posted work to others; its sockets are closed by then.
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

    /// <summary>Takes the Ready bit: true when an event has come. For the starter.</summary>
    private protected bool TakeReady()
    {
        if ((Volatile.Read(ref _word) & ReadyBit) == 0)
        {
            return false;
        }

        ClearReady();
        return true;
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

    /// <summary>For another connection: as new, but the operation's number goes on. Only while nobody uses the slot.</summary>
    internal virtual void Reuse()
    {
        Debug.Assert((_word & PhaseMask) == None, "only a quiet slot is reused");
        _word &= ~ReadyBit;
        _deadline = 0;
    }

    private bool Move(int from, int to) => Interlocked.CompareExchange(ref _word, to, from) == from;

    private void SetReady()
    {
        if ((Volatile.Read(ref _word) & ReadyBit) == 0)
        {
            Interlocked.Or(ref _word, ReadyBit);
        }
    }

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
}
