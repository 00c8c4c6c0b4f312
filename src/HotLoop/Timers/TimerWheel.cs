using System.Diagnostics;
using System.Numerics;

namespace HotLoop.Timers;

/// <summary>
/// A hierarchical timer wheel: arming, moving and removing take constant time, whatever the number of timers. Belongs to
/// one loop's thread.
/// <para>
/// Time is counted in wheel ticks of 2^18 ns (0.26 ms). A due time is rounded up to a whole tick, so a timer is never
/// early and at most one wheel tick late, plus the poller's rounding of its time-out.
/// </para>
/// <para>
/// Level 0 has a bucket per tick, level n a bucket per <c>Slots^n</c> ticks. An entry lives on the level of the most
/// significant digit in which its tick differs from the current one; so on each level all entries lie in buckets after the
/// current digit, and the first occupied bucket of the lowest occupied level is the next to look at. When the
/// time of a bucket above level 0 comes, its entries are placed again, lower. The levels cover every positive
/// 64-bit time, so there is no "too far ahead".
/// </para>
/// </summary>
internal sealed class TimerWheel
{
    private const int TickShift = 18;

#if DEBUG
    private const int SlotBits = 3; // small, so that tests cascade often
#else
    private const int SlotBits = 6;
#endif

    private const int Slots = 1 << SlotBits;
    private const int Levels = (63 - TickShift + SlotBits) / SlotBits;

    private readonly Bucket[] _buckets = new Bucket[Levels * Slots];
    private readonly ulong[] _occupied = new ulong[Levels];
    private long _current;

    internal TimerWheel(long now) => _current = now >> TickShift;

    internal int Count { get; private set; }

    /// <summary>Arms <paramref name="entry"/>, which must not be armed, for <paramref name="due"/> (clock nanoseconds).</summary>
    internal void Add(TimerEntry entry, long due)
    {
        Debug.Assert(entry.Bucket == TimerEntry.NotArmed, "a timer is armed once");
        Volatile.Write(ref entry.Due, due);
        Place(entry);
        Count++;
    }

    /// <summary>Takes an armed entry out.</summary>
    internal void Remove(TimerEntry entry)
    {
        Debug.Assert(entry.Bucket != TimerEntry.NotArmed, "only an armed timer can be removed");
        Unlink(entry);
        Count--;
    }

    /// <summary>
    /// The next entry whose time has come, taken out, or null. Called again and again until null: the entry's own code may arm
    /// and remove others in between.
    /// </summary>
    internal TimerEntry? PopDue(long now)
    {
        long nowTick = now >> TickShift;
        while (FindFirst(out int level, out int slot, out long start) && start <= nowTick)
        {
            _current = Math.Max(_current, start);
            TimerEntry entry = _buckets[(level * Slots) + slot].First!;
            if (level == 0)
            {
                Remove(entry);
                return entry;
            }

            Cascade(entry);
        }

        _current = Math.Max(_current, nowTick);
        return null;
    }

    /// <summary>When <see cref="PopDue"/> next has something to do (to place entries again counts); null when nothing is armed.</summary>
    internal long? NextDue => FindFirst(out _, out _, out long start) ? start << TickShift : null;

    /// <summary>Milliseconds until <see cref="NextDue"/>, rounded up; -1 when nothing is armed.</summary>
    internal int TimeoutMilliseconds(long now)
    {
        if (NextDue is not { } due)
        {
            return -1;
        }

        long wait = due - now;
        long milliseconds = (wait + Clock.NanosecondsPerMillisecond - 1) / Clock.NanosecondsPerMillisecond;
        return (int)Math.Clamp(milliseconds, 0, int.MaxValue);
    }

    private bool FindFirst(out int level, out int slot, out long start)
    {
        for (level = 0; level < Levels; level++)
        {
            if (_occupied[level] != 0)
            {
                slot = BitOperations.TrailingZeroCount(_occupied[level]);
                int shift = level * SlotBits;
                long higherDigits = _current >> shift >> SlotBits << SlotBits << shift;
                start = higherDigits + ((long)slot << shift);
                return true;
            }
        }

        slot = 0;
        start = 0;
        return false;
    }

    private void Cascade(TimerEntry first)
    {
        for (TimerEntry? entry = first; entry is not null;)
        {
            TimerEntry? next = entry.Next;
            Unlink(entry);
            Place(entry);
            entry = next;
        }
    }

    private void Place(TimerEntry entry)
    {
        long tick = Math.Max((long)(((ulong)entry.Due + (1UL << TickShift) - 1) >> TickShift), _current);
        ulong difference = (ulong)(tick ^ _current);
        int level = difference == 0 ? 0 : BitOperations.Log2(difference) / SlotBits;
        int slot = (int)(tick >> (level * SlotBits)) & (Slots - 1);
        int bucket = (level * Slots) + slot;

        ref TimerEntry? first = ref _buckets[bucket].First;
        TimerEntry? head = first;
        entry.Bucket = (short)bucket;
        if (head is not null)
        {
            entry.Next = head;
            head.Previous = entry;
        }

        first = entry;
        _occupied[level] |= 1UL << slot;
    }

    private void Unlink(TimerEntry entry)
    {
        TimerEntry? next = entry.Next, previous = entry.Previous;
        int bucket = entry.Bucket;
        if (next is not null)
        {
            next.Previous = previous;
            entry.Next = null;
        }

        if (previous is not null)
        {
            previous.Next = next;
            entry.Previous = null;
        }
        else
        {
            _buckets[bucket].First = next;
            if (next is null)
            {
                _occupied[bucket >> SlotBits] &= ~(1UL << (bucket & (Slots - 1)));
            }
        }

        entry.Bucket = TimerEntry.NotArmed;
    }

    // A struct, for an array of references checks the type of what is stored in it.
    private struct Bucket
    {
        internal TimerEntry? First;
    }
}
