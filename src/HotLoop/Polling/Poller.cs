namespace HotLoop.Polling;

/// <summary>
/// The port, the loop's half: waits for what becomes ready. One poller serves one loop. The other half, a descriptor of it, is
/// <see cref="PollHandle"/>; read both.
/// <para>
/// <b>Threads.</b> <see cref="Wait"/> and <see cref="IDisposable.Dispose"/> belong to the loop's thread; the rest may be called from any.
/// </para>
/// </summary>
internal abstract class Poller : IDisposable
{
    /// <summary>The most events that a loop takes in one wait.</summary>
#if DEBUG
    internal const int EventsPerWait = 4; // small, so that tests fill the batch
#else
    internal const int EventsPerWait = 256;
#endif

    internal abstract BackendKind Kind { get; }

    /// <summary>A handle of this poller, which names no descriptor yet.</summary>
    internal abstract PollHandle CreateHandle();

    /// <summary>
    /// Waits until something is ready, <see cref="Wake"/> was called since the last wait, or the time is up; fills
    /// <paramref name="events"/> and returns their number.
    /// </summary>
    /// <param name="events">Where the events go; what does not fit comes with the next wait.</param>
    /// <param name="timeoutMilliseconds">0: only look. Negative: no limit.</param>
    internal abstract int Wait(Span<PollEvent> events, int timeoutMilliseconds);

    /// <summary>Makes the current or the next <see cref="Wait"/> return. Calls may be joined.</summary>
    internal abstract void Wake();

    public abstract void Dispose();
}
