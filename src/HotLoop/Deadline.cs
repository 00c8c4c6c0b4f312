using HotLoop.Parking;

namespace HotLoop;

/// <summary>
/// A moment on the monotonic clock after which waiting ends. Absolute: it does not move when an operation begins.
/// </summary>
/// <remarks>
/// Go's <c>time.Time</c> in SetDeadline. Resolution: nanoseconds when set; judged by the loop's clock, which is read once a tick;
/// never early, about a millisecond late at most when the loop is not busy.
/// </remarks>
public readonly struct Deadline : IEquatable<Deadline>
{
    private Deadline(long nanoseconds) => Nanoseconds = nanoseconds;

    /// <summary>No deadline: waits have no end. The default value. Go: the zero time.</summary>
    public static Deadline None => default;

    /// <summary>A moment long ago: operations time out at once. Go: any time in the past.</summary>
    public static Deadline Past { get; } = new(1);

    /// <summary>Whether this is <see cref="None"/>. Go: IsZero.</summary>
    public bool IsNone => Nanoseconds == 0;

    /// <summary>Clock nanoseconds; 0 for none.</summary>
    internal long Nanoseconds { get; }

    /// <summary>
    /// <paramref name="timeout"/> from now. Zero or negative: already past. <see cref="Timeout.InfiniteTimeSpan"/>, or more than
    /// the clock can hold (292 years): <see cref="None"/>. Go: time.Now().Add.
    /// </summary>
    public static Deadline After(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan || timeout.Ticks > long.MaxValue / TimeSpan.NanosecondsPerTick)
        {
            return None;
        }

        if (timeout <= TimeSpan.Zero)
        {
            return Past;
        }

        long now = Scheduler.CurrentClock.Now;
        long nanoseconds = timeout.Ticks * TimeSpan.NanosecondsPerTick;
        return nanoseconds > long.MaxValue - now ? None : new Deadline(now + nanoseconds);
    }

    /// <summary>
    /// The moment <paramref name="time"/>, by the difference to the system's wall clock now: later changes of the wall clock
    /// do not move it. Go: a time without monotonic reading.
    /// </summary>
    public static Deadline At(DateTimeOffset time)
    {
        TimeSpan left = time - TimeProvider.System.GetUtcNow();
        return left <= TimeSpan.Zero ? Past : After(left);
    }

    internal static Deadline FromNanoseconds(long nanoseconds) => new(nanoseconds);

    /// <summary>The earlier of two; <see cref="None"/> is later than any other.</summary>
    public static Deadline Earlier(Deadline first, Deadline second) =>
        second.IsNone || (!first.IsNone && first.Nanoseconds <= second.Nanoseconds) ? first : second;

    /// <inheritdoc/>
    public bool Equals(Deadline other) => Nanoseconds == other.Nanoseconds;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Deadline other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Nanoseconds.GetHashCode();

    /// <summary>Same moment.</summary>
    public static bool operator ==(Deadline left, Deadline right) => left.Equals(right);

    /// <summary>Not the same moment.</summary>
    public static bool operator !=(Deadline left, Deadline right) => !left.Equals(right);
}
