namespace HotLoop.Explorer.Rewriting;

/// <summary>Every mutant there is. All are in the rewritten library; at most one is on.</summary>
internal static class Mutants
{
    internal static readonly Mutant TornSwap = new("FdLock", "Swap", "CompareExchange", Torn: true);

    internal static readonly Mutant NoGateAtTheEndOfTheLine = new("FdLockQueue", "LockAsync", "EnterScope");
    internal static readonly Mutant NoLookAtTheLine = new("SocketFd", "Unlock", "TryUnlock", Result: 1);
    internal static readonly Mutant NoEndOfTheLine = new("SocketFd", "Close", "Close");
    internal static readonly Mutant NoMarkTakenAway = new("FdLockQueue", "Unlock", "UnlockEmptyQueue");
    internal static readonly Mutant ReusedTooSoon = new("SocketFd", "CloseDescriptor", "get_HasNoLocks", Result: 1);

    internal static readonly Mutant NoLookAtClosing = new("ParkSlot", "AfterWaiting", "EndIfClosing");
    internal static readonly Mutant NoLookAtDeadline = new("ParkSlot", "AfterWaiting", "ApplyDeadline");
    internal static readonly Mutant NoTimerForNewDeadline = new("ParkSlot", "SetDeadline", "ApplyDeadline");
    internal static readonly Mutant NoTimerAgain = new("ParkSlot", "OnTimer", "ApplyDeadline");
    internal static readonly Mutant NoSecondLookAtEvent = new("ParkSlot", "OnReady", "IsParked", Occurrence: 1);
    internal static readonly Mutant NoSecondLookInRun = new("ParkSlot", "Run", "IsParked", Occurrence: 1);

    internal static readonly Mutant NoFenceInSetDeadline = new("ParkSlot", "SetDeadline", "MemoryBarrier");
    internal static readonly Mutant NoFenceInOnTimer = new("ParkSlot", "OnTimer", "MemoryBarrier");
    internal static readonly Mutant NoFenceInOpen = new("SocketTable", "Open", "MemoryBarrier");
    internal static readonly Mutant NoFenceInEnd = new("LoopCore", "End", "MemoryBarrier");

    internal static readonly Mutant NoSecondLookAtInbox = new("LoopCore", "Wait", "get_IsEmpty", Occurrence: 1, Result: 1);
    internal static readonly Mutant NoWake = new("LoopCore", "Post", "WakeIfSleeping");
    internal static readonly Mutant NoWaitForWakers = new("LoopCore", "End", "Read");

    internal static readonly Mutant[] All =
    [
        TornSwap, NoGateAtTheEndOfTheLine, NoLookAtTheLine, NoEndOfTheLine, NoMarkTakenAway, ReusedTooSoon,
        NoLookAtClosing, NoLookAtDeadline, NoTimerForNewDeadline, NoTimerAgain, NoSecondLookAtEvent, NoSecondLookInRun,
        NoFenceInSetDeadline, NoFenceInOnTimer, NoFenceInOpen, NoFenceInEnd,
        NoSecondLookAtInbox, NoWake, NoWaitForWakers,
    ];

    /// <summary>The one that is on, or null.</summary>
    internal static Mutant? On { get; set; }
}
