namespace HotLoop.Explorer.Rewriting;

/// <summary>Every mutant there is. All are in the rewritten library; at most one is on.</summary>
internal static class Mutants
{
    internal static readonly Mutant TornSwap = new("FdLock", "Swap", "CompareExchange", Torn: true);

    internal static readonly Mutant NoLookAtClosing = new("ParkSlot", "AfterWaiting", "EndIfClosing");
    internal static readonly Mutant NoLookAtDeadline = new("ParkSlot", "AfterWaiting", "ApplyDeadline");
    internal static readonly Mutant NoSecondLookAtEvent = new("ParkSlot", "OnReady", "IsParked", Occurrence: 1);
    internal static readonly Mutant NoSecondLookInRun = new("ParkSlot", "Run", "IsParked", Occurrence: 1);

    internal static readonly Mutant NoSecondLookAtInbox = new("LoopThread", "Wait", "get_IsEmpty", Occurrence: 1, Result: 1);
    internal static readonly Mutant NoWake = new("LoopThread", "Post", "WakeIfSleeping");
    internal static readonly Mutant NoWaitForWakers = new("LoopThread", "End", "Read");

    internal static readonly Mutant[] All =
    [
        TornSwap,
        NoLookAtClosing, NoLookAtDeadline, NoSecondLookAtEvent, NoSecondLookInRun,
        NoSecondLookAtInbox, NoWake, NoWaitForWakers,
    ];

    /// <summary>The one that is on, or null.</summary>
    internal static Mutant? On { get; set; }
}
