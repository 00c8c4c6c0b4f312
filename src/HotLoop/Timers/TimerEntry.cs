namespace HotLoop.Timers;

/// <summary>An object that can sit in a <see cref="TimerWheel"/>: the links live in the object, so arming allocates nothing.</summary>
internal abstract class TimerEntry
{
    internal const short NotArmed = -1;

    internal TimerEntry? Next;
    internal TimerEntry? Previous;

    /// <summary>
    /// For when it was armed last, in clock nanoseconds. Written on the loop's thread: by the wheel when it is armed, and as it likes by the entry while
    /// it is not. Others may look.
    /// </summary>
    internal long Due;

    /// <summary>Bucket of the wheel, or <see cref="NotArmed"/>. Owned by the wheel.</summary>
    internal short Bucket = NotArmed;

    /// <summary>Called once, on the loop's thread, after the entry has left the wheel because its time came.</summary>
    internal abstract void OnTimer();
}
