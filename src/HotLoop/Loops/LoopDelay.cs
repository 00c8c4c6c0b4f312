using HotLoop.Timers;

namespace HotLoop.Loops;

/// <summary>
/// A wait on the loop's own timer wheel, which needs nothing of the system: no thread, no descriptor. Used on the loop's thread.
/// </summary>
internal sealed class LoopDelay(LoopCore loop) : TimerEntry
{
    private TaskCompletionSource? _ended;

    /// <summary>Ends after <paramref name="time"/>, or with <see cref="Cancel"/>. One at a time.</summary>
    internal Task WaitAsync(TimeSpan time)
    {
        _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Timers.Add(this, loop.Clock.Now + (time.Ticks * TimeSpan.NanosecondsPerTick));
        return _ended.Task;
    }

    internal void Cancel()
    {
        if (Bucket != NotArmed)
        {
            loop.Timers.Remove(this);
            OnTimer();
        }
    }

    internal override void OnTimer() => _ended!.SetResult();
}
