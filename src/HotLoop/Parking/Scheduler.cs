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

    private protected Scheduler(Clock clock)
    {
        Clock = clock;
        Now = clock.Now;
    }

    /// <summary>The scheduler whose loop runs on this thread, or null.</summary>
    internal static Scheduler? Current
    {
        get => t_current;
        private protected set => t_current = value;
    }

    /// <summary>By which code on this thread counts: of the loop that runs here, else the system's.</summary>
    internal static Clock CurrentClock => t_current?.Clock ?? MonotonicClock.Instance;

    internal bool IsCurrent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ReferenceEquals(t_current, this);
    }

    /// <summary>By which deadlines and timers of this loop are judged. From any thread.</summary>
    internal Clock Clock { get; }

    /// <summary>What <see cref="Clock"/> said in this tick: it is read once. For the loop's thread.</summary>
    internal long Now { get; private protected set; }

    /// <summary>Timers of this loop. For the loop's thread.</summary>
    internal abstract TimerWheel Timers { get; }

    /// <summary>Has <see cref="ParkSlot.Run"/> called when the loop next runs what is ready. For the loop's thread.</summary>
    internal abstract void Enqueue(ParkSlot slot);

    /// <summary>Has <paramref name="work"/> called on the loop's thread, never inside this call. From any thread.</summary>
    internal abstract void Post(Action<object?> work, object? state);

    /// <summary>Takes one operation from the running continuation's budget; false when it is used up. For the loop's thread.</summary>
    internal bool SpendOperation() => --_operationsLeft >= 0;

    private protected void RefillBudget() => _operationsLeft = OperationBudget;
}
