using HotLoop.Timers;

namespace HotLoop.Serving;

/// <summary>Tells the user that accepting has paused: once for all loops of a server, and again only after a minute.</summary>
internal sealed class PauseReport(Action<OpError> report)
{
    private const long QuietTime = 60_000 * Clock.NanosecondsPerMillisecond;

    private long _last;

    /// <summary>From any loop, whose time is <paramref name="now"/>.</summary>
    internal void Report(OpError error, long now)
    {
        long last = Volatile.Read(ref _last);
        if ((last == 0 || now - last > QuietTime) && Interlocked.CompareExchange(ref _last, now, last) == last)
        {
            Callback.Run(() => report(error));
        }
    }
}
