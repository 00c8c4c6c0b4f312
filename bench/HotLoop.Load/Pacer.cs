namespace HotLoop.Load;

/// <summary>
/// Tells the workers of one loop, in turn, when their next request is due. It spins while one is due soon: a timer's lateness would be taken
/// for the server's.
/// </summary>
internal sealed class Pacer(LoadLoop loop, double rate, double phase)
{
    // Within these the runtime's timers have been seen to come, so a sleep ends that much before the request is due.
    private const long TimerNanoseconds = 3_000_000;
    private const long LeastSleepNanoseconds = 2_000_000;

    // Within this an end that was brought forward is noticed.
    private const long LongestSleepNanoseconds = 100_000_000;

    // A loop that is late must look at its sockets in between.
    private const int TurnMax = 16;

    private static readonly Action<object?> s_turn = static pacer => ((Pacer)pacer!).Turn();

    private readonly TaskCompletionSource _ended = new();
    private readonly double _interval = Clock.NanosecondsPerSecond / rate;
    private long _epoch;
    private long _next;

    /// <summary>By how much a request of the time measured was sent too late at most: the generator's own part in the latencies.</summary>
    internal long LatestNanoseconds { get; private set; }

    /// <summary>When a request is due, by <see cref="Clock"/>.</summary>
    internal long DueTime(long request) => _epoch + (long)((request + phase) * _interval);

    /// <summary>Makes requests due from <paramref name="epoch"/> to the end of the time measured.</summary>
    internal Task RunAsync(long epoch)
    {
        _epoch = epoch;
        Turn();
        return _ended.Task;
    }

    private void Turn()
    {
        try
        {
            MakeDue();
        }
        catch (Exception e)
        {
            _ended.TrySetException(e);
        }
    }

    private void MakeDue()
    {
        long now = Clock.Now;
        for (int i = 0; i < TurnMax && DueTime(_next) <= now && now < loop.Tally.End; i++)
        {
            long due = DueTime(_next);
            if (due >= loop.Tally.Begin)
            {
                LatestNanoseconds = Math.Max(LatestNanoseconds, now - due);
            }

            NextWorker().MakeDue();
            _next++;
            now = Clock.Now;
        }

        long left = Math.Min(DueTime(_next), loop.Tally.End) - now;
        if (now >= loop.Tally.End)
        {
            End();
        }
        else if (left < TimerNanoseconds + LeastSleepNanoseconds)
        {
            loop.Loop.Post(s_turn, this);
        }
        else
        {
            _ = SleepAsync(Math.Min(left - TimerNanoseconds, LongestSleepNanoseconds));
        }
    }

    // What a pacer that came too late has not made due by now was due all the same. It is sent now.
    private void End()
    {
        for (; DueTime(_next) < loop.Tally.End; _next++)
        {
            LatestNanoseconds = Math.Max(LatestNanoseconds, loop.Tally.End - DueTime(_next));
            NextWorker().AddDue();
        }

        loop.Workers.ForEach(w => ((OpenWorker)w).Send());
        _ended.TrySetResult();
    }

    private OpenWorker NextWorker() => (OpenWorker)loop.Workers[(int)(_next % loop.Workers.Count)];

    private async Task SleepAsync(long nanoseconds)
    {
        await Task.Delay(TimeSpan.FromTicks(nanoseconds / 100));
        Turn();
    }
}
