using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace HotLoop.Sockets;

/// <summary>
/// Go's fdMutex with a generation: one 64-bit word that says whether a descriptor may be used, by whom, and for which
/// connection. The slow parts (queues of those who wait for a lock) are in <see cref="FdLockQueue"/>.
/// <code>
///   bit  0      closed: no new reference or lock is given
///   bit  1, 2   read lock, write lock: an operation of that direction is under way or its result not yet taken
///   bit  3, 4   the queue for the read lock, the write lock, may not be empty: an unlock looks at it first
///   bits 8-31   references: the open connection's own, and whoever may be using the descriptor right now
///   bits 32-63  generation: which connection this is; an older handle finds another number and is told "closed"
/// </code>
/// Who may do what: anybody takes and gives back references and locks while the word is open; closed is set once a generation;
/// whoever gives back the last reference of a closed word destroys the descriptor (so it is closed when, and only
/// when, nobody can be inside a system call with it). Only <see cref="Open"/> changes the generation, after that.
/// Every other change is a compare-and-swap of the whole word, hence a full fence: see ParkSlot for what relies on it.
/// </summary>
internal struct FdLock
{
    private const ulong ClosedBit = 1;
    private const ulong OneReference = 1UL << 8;
    private const ulong ReferenceMask = 0xFFFFFFUL << 8;
    private const int GenerationShift = 32;

    private ulong _word;

    internal readonly uint Generation => (uint)(Volatile.Read(in _word) >> GenerationShift);

    internal readonly bool IsClosed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Volatile.Read(in _word) & ClosedBit) != 0;
    }

    /// <summary>
    /// No operation is under way and no result waits to be taken. On a closed word that stays so: then nobody but the
    /// caller will touch the descriptor's state again, and it can be used for another connection.
    /// </summary>
    internal readonly bool HasNoLocks =>
        (Volatile.Read(in _word) & (LockBit(Direction.Read) | LockBit(Direction.Write))) == 0;

    /// <summary>Starts a generation: open, one reference (the connection's own). Nobody else may hold the word.</summary>
    internal void Open(uint generation) => Volatile.Write(ref _word, ((ulong)generation << GenerationShift) | OneReference);

    /// <summary>A word that nobody may use yet.</summary>
    internal void Initialize(uint generation) => Volatile.Write(ref _word, ((ulong)generation << GenerationShift) | ClosedBit);

    /// <summary>Takes a reference; false when closed or of another generation.</summary>
    internal bool TryReference(uint generation)
    {
        while (true)
        {
            ulong word = Volatile.Read(ref _word);
            if ((word & ClosedBit) != 0 || (uint)(word >> GenerationShift) != generation)
            {
                return false;
            }

            CheckRoom(word);
            if (Swap(word, word + OneReference))
            {
                return true;
            }
        }
    }

    /// <summary>Gives a reference back; true when the caller has to destroy the descriptor.</summary>
    internal bool Release()
    {
        while (true)
        {
            ulong word = Volatile.Read(ref _word);
            Debug.Assert((word & ReferenceMask) != 0, "a reference is given back once");
            ulong next = word - OneReference;
            if (Swap(word, next))
            {
                return (next & ReferenceMask) == 0;
            }
        }
    }

    /// <summary>Takes the lock of a direction and a reference with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal LockResult TryAcquire(Direction direction, uint generation)
    {
        while (true)
        {
            ulong word = Volatile.Read(ref _word);
            if ((word & ClosedBit) != 0 || (uint)(word >> GenerationShift) != generation)
            {
                return LockResult.Closed;
            }

            if ((word & LockBit(direction)) != 0)
            {
                return LockResult.Busy;
            }

            CheckRoom(word);
            if (Swap(word, (word | LockBit(direction)) + OneReference))
            {
                return LockResult.Acquired;
            }
        }
    }

    /// <summary>
    /// Gives back lock and reference together, in the common case: nobody is queued for the lock and the descriptor stays
    /// open. False: nothing was changed, take the long way.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReleaseBoth(Direction direction)
    {
        ulong word = Volatile.Read(ref _word);
        return (word & (ClosedBit | QueuedBit(direction))) == 0
            && Swap(word, (word & ~LockBit(direction)) - OneReference);
    }

    /// <summary>Gives the lock back; false (and nothing changed) when somebody is queued for it.</summary>
    internal bool TryUnlock(Direction direction)
    {
        while (true)
        {
            ulong word = Volatile.Read(ref _word);
            Debug.Assert((word & LockBit(direction)) != 0, "a lock is given back once");
            if ((word & QueuedBit(direction)) != 0)
            {
                return false;
            }

            if (Swap(word, word & ~LockBit(direction)))
            {
                return true;
            }
        }
    }

    /// <summary>Under the queue's gate: takes the lock after all, without a reference, or marks that somebody is queued (Busy).</summary>
    internal LockResult LockOrMarkQueued(Direction direction, uint generation)
    {
        while (true)
        {
            ulong word = Volatile.Read(ref _word);
            if ((word & ClosedBit) != 0 || (uint)(word >> GenerationShift) != generation)
            {
                return LockResult.Closed;
            }

            bool isFree = (word & LockBit(direction)) == 0;
            if (Swap(word, word | (isFree ? LockBit(direction) : QueuedBit(direction))))
            {
                return isFree ? LockResult.Acquired : LockResult.Busy;
            }
        }
    }

    /// <summary>Under the queue's gate: the held lock goes to the next in the queue; false when closed (the queue has been emptied then).</summary>
    internal bool TryHandOver(Direction direction, bool queueIsEmpty)
    {
        while (true)
        {
            ulong word = Volatile.Read(ref _word);
            if ((word & ClosedBit) != 0)
            {
                return false;
            }

            if (!queueIsEmpty || Swap(word, word & ~QueuedBit(direction)))
            {
                return true;
            }
        }
    }

    /// <summary>Under the queue's gate: lock given back, nobody queued any more.</summary>
    internal void UnlockEmptyQueue(Direction direction)
    {
        while (true)
        {
            ulong word = Volatile.Read(ref _word);
            if (Swap(word, word & ~(LockBit(direction) | QueuedBit(direction))))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Sets the closed bit; false when closed before or of another generation. The closer then owns the reference that was the
    /// open connection's.
    /// </summary>
    internal bool TryClose(uint generation)
    {
        while (true)
        {
            ulong word = Volatile.Read(ref _word);
            if ((word & ClosedBit) != 0 || (uint)(word >> GenerationShift) != generation)
            {
                return false;
            }

            if (Swap(word, word | ClosedBit))
            {
                return true;
            }
        }
    }

    private static ulong LockBit(Direction direction) => direction == Direction.Read ? 2UL : 4UL;

    private static ulong QueuedBit(Direction direction) => direction == Direction.Read ? 8UL : 16UL;

    private static void CheckRoom(ulong word)
    {
        if ((word & ReferenceMask) == ReferenceMask)
        {
            ThrowTooMany();
        }
    }

    private static void ThrowTooMany() =>
        throw new InvalidOperationException("too many concurrent operations on a single file or socket");

    private bool Swap(ulong from, ulong to) => Interlocked.CompareExchange(ref _word, to, from) == from;
}
