using HotLoop.Explorer.Exploring;
using HotLoop.Parking;
using HotLoop.Timers;

namespace HotLoop.Explorer.Machines;

/// <summary>A loop without a poller: an explored thread turns it, and says what time it is.</summary>
internal sealed class ManualScheduler : Scheduler
{
    private readonly Queue<ParkSlot> _ready = new();
    private readonly Queue<(Action<object?> Work, object? State)> _inbox = new();

    internal override TimerWheel Timers { get; } = new(0);

    internal bool HasWork => _ready.Count > 0 || _inbox.Count > 0 || Timers.TimeoutMilliseconds(Now) == 0;

    internal override void Enqueue(ParkSlot slot) => _ready.Enqueue(slot);

    internal override void Post(Action<object?> work, object? state)
    {
        Steps.Access("Scheduler.Post");
        _inbox.Enqueue((work, state));
    }

    /// <summary>The calling thread is the loop's until <see cref="Leave"/>.</summary>
    internal void Enter() => Current = this;

    internal static void Leave() => Current = null;

    internal void Advance(long now) => Now = now;

    /// <summary>Runs what is ready, what was posted and whose time has come, the oldest of each.</summary>
    internal void Turn()
    {
        if (_ready.TryDequeue(out ParkSlot? slot))
        {
            slot.Run();
        }

        if (_inbox.TryDequeue(out (Action<object?> Work, object? State) item))
        {
            item.Work(item.State);
        }

        Timers.PopDue(Now)?.OnTimer();
    }
}
