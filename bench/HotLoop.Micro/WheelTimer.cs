using HotLoop.Timers;

namespace HotLoop.Micro;

/// <summary>A timer that does nothing when its time comes.</summary>
internal sealed class WheelTimer : TimerEntry
{
    internal override void OnTimer()
    {
    }
}
