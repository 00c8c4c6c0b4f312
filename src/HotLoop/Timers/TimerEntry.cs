namespace HotLoop.Timers;

/// <summary>An object that can sit in a <see cref="TimerWheel"/>: the links live in the object, so arming allocates nothing.</summary>
internal abstract class TimerEntry
{
    internal const int NotArmed = -1;

    internal TimerEntry? Next;
    internal TimerEntry? Previous;

    /// <summary>Bucket of the wheel, or <see cref="NotArmed"/>. Owned by the wheel.</summary>
    internal int Bucket = NotArmed;

    /// <summary>The wheel tick at which it fires. Owned by the wheel.</summary>
    internal long DueTick;

    /// <summary>Called once, on the loop's thread, after the entry has left the wheel because its time came.</summary>
    internal abstract void OnTimer();
}
