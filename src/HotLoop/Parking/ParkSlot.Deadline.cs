using System.Runtime.CompilerServices;

namespace HotLoop.Parking;

/// <content>The deadline of a direction, and the timer that watches it while something waits.</content>
internal abstract partial class ParkSlot
{
    // The deadline in clock nanoseconds; 0 = none. Any thread writes it; see "No lost Close, deadline or timer".
    // TimerEntry.Due is when the wheel will call OnTimer; 0 = not armed. It may be earlier than the deadline, which has moved
    // since: OnTimer arms the timer again. While it is later and something waits, an Arm is on its way to the loop.
    private long _deadline;

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
            return deadline != 0 && deadline <= (Scheduler.IsCurrent ? Scheduler.Now : Scheduler.Clock.Now);
        }
    }

    /// <summary>Sets the deadline (0: none); it holds for a parked operation too. From any thread.</summary>
    internal void SetDeadline(long deadline)
    {
        Volatile.Write(ref _deadline, deadline);
        Interlocked.MemoryBarrier();
        ApplyDeadline();
    }

    internal sealed override void OnTimer()
    {
        Volatile.Write(ref Due, 0);
        Interlocked.MemoryBarrier();
        ApplyDeadline(); // arms again when the deadline has moved
    }

    // A wait and a deadline may have met: end the wait if the deadline has passed, else see that the wheel watches it. Queued and Busy
    // operations are left alone: one that would block looks at the deadline itself, by becoming Waiting.
    private void ApplyDeadline()
    {
        while (true)
        {
            int word = Volatile.Read(ref _word); // before the judgement, as above
            long deadline = Volatile.Read(ref _deadline);
            if ((word & PhaseMask) != Waiting || deadline == 0)
            {
                return;
            }

            if (!IsDeadlineExceeded)
            {
                EnsureArmed(deadline);
                return;
            }

            if (TryEnd(word, Outcome.DeadlineExceeded))
            {
                return;
            }
        }
    }

    private void EnsureArmed(long deadline)
    {
        long armedFor = Volatile.Read(ref Due);
        if (armedFor != 0 && armedFor <= deadline)
        {
            return;
        }

        if (Scheduler.IsCurrent)
        {
            Arm();
        }
        else
        {
            Scheduler.Post(static slot => ((ParkSlot)slot!).Arm(), this);
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
            if (Due <= deadline)
            {
                return;
            }

            Scheduler.Timers.Remove(this);
        }

        Scheduler.Timers.Add(this, deadline);
    }
}
