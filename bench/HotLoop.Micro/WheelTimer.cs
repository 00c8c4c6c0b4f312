using HotLoop.Timers;

namespace HotLoop.Micro;

/// <summary>A timer that does nothing when its time comes.</summary>
internal sealed class WheelTimer : TimerEntry
{
    /// <summary>Timers in an order that has nothing to do with their places in memory.</summary>
    internal static WheelTimer[] CreateShuffled(int count)
    {
        WheelTimer[] timers = new WheelTimer[count];
        for (int i = 0; i < timers.Length; i++)
        {
            timers[i] = new WheelTimer();
        }

        new Random(2).Shuffle(timers);
        return timers;
    }

    internal override void OnTimer()
    {
    }
}
