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

    // A loop that is late must look at its sockets in between.
    private const int TurnMax = 16;

    private static readonly Action<object?> s_turn = static pacer => ((Pacer)pacer!).Turn();

    private readonly TaskCompletionSource _ended = new();
    private readonly double _interval = Clock.NanosecondsPerSecond / rate;
    private long _epoch;
    private long _next;

    /// <summary>By how much a request of the time measured was made due too late at most: the generator's own part in the latencies.</summary>
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
        long now = Clock.Now, due = DueTime(_next);
        for (int i = 0; i < TurnMax && due <= now && due < loop.Tally.End; i++)
        {
            if (due >= loop.Tally.Begin)
            {
                LatestNanoseconds = Math.Max(LatestNanoseconds, now - due);
            }

            ((OpenWorker)loop.Workers[(int)(_next % loop.Workers.Count)]).MakeDue();
            due = DueTime(++_next);
        }

        long left = due - now;
        if (due >= loop.Tally.End)
        {
            _ended.SetResult();
        }
        else if (left < TimerNanoseconds + LeastSleepNanoseconds)
        {
            loop.Loop.Post(s_turn, this);
        }
        else
        {
            _ = SleepAsync(left - TimerNanoseconds);
        }
    }

    private async Task SleepAsync(long nanoseconds)
    {
        await Task.Delay(TimeSpan.FromTicks(nanoseconds / 100));
        Turn();
    }
}
