using System.Runtime.CompilerServices;
using HotLoop.Timers;

namespace HotLoop.Parking;

/// <summary>What a park slot wants from the loop it belongs to. The loop implements it.</summary>
internal abstract class Scheduler
{
#if DEBUG
    private const int OperationBudget = 8; // small, so that tests yield often
#else
    /// <summary>
    /// Operations that a continuation may complete without parking before it has to let others run. 64 operations
    /// of 5 us each are 0.3 ms, the order of the task quota of other engines (0.5 ms); the cost of yielding is then
    /// below 1 % of the work done.
    /// </summary>
    private const int OperationBudget = 64;
#endif

    [ThreadStatic]
    private static Scheduler? t_current;

    private int _operationsLeft = OperationBudget;

    /// <summary>The scheduler whose loop runs on this thread, or null.</summary>
    internal static Scheduler? Current
    {
        get => t_current;
        private protected set => t_current = value;
    }

    internal bool IsCurrent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ReferenceEquals(t_current, this);
    }

    /// <summary>The loop clock, nanoseconds: read once a tick. For the loop's thread.</summary>
    internal long Now { get; private protected set; }

    /// <summary>Timers of this loop. For the loop's thread.</summary>
    internal abstract TimerWheel Timers { get; }

    /// <summary>Has <see cref="ParkSlot.Run"/> called in the next tick. For the loop's thread.</summary>
    internal abstract void Enqueue(ParkSlot slot);

    /// <summary>Has <paramref name="work"/> called on the loop's thread, never inside this call. From any thread.</summary>
    internal abstract void Post(Action<object?> work, object? state);

    /// <summary>Takes one operation from the running continuation's budget; false when it is used up. For the loop's thread.</summary>
    internal bool SpendOperation() => --_operationsLeft >= 0;

    private protected void RenewBudget() => _operationsLeft = OperationBudget;
}
