namespace HotLoop.Load;

/// <summary>Makes a load and measures what comes of it.</summary>
public static class LoadRun
{
    private static readonly TimeSpan s_progressPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_leastDelay = TimeSpan.FromMilliseconds(1); // less would be none

    /// <summary>
    /// Opens the connections; loads the server for the warm-up and then for the time measured; waits for what is on its way. If no connection
    /// comes about at first, it ends there.
    /// </summary>
    /// <param name="options">What load to make.</param>
    /// <param name="progress">Called about once a second, on the thread pool.</param>
    /// <param name="stop">Ends the run early; the report is of the time until then.</param>
    /// <exception cref="ArgumentException">The options do not fit together.</exception>
    /// <exception cref="PlatformNotSupportedException">The backend asked for does not work here.</exception>
    public static async Task<LoadReport> RunAsync(
        LoadOptions options, Action<LoadProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        using LoopGroup group = new(options.Loops);
        List<LoadLoop> loops = LoadLoop.Create(options, group);
        DateTimeOffset date = DateTimeOffset.UtcNow;
        ServerGauge? before = ServerGauge.Read(options.ServerPid);
        int[] opened = await Task.WhenAll(loops.Select(l => OnLoopAsync(l, () => l.OpenAsync(stop))));
        ServerUsage? usage = null;
        if (opened.Sum() > 0 && !stop.IsCancellationRequested)
        {
            usage = await MeasureAsync(options, loops, before, progress, stop);
        }

        return Report(options, group, date, loops, usage);
    }

    private static async Task<ServerUsage?> MeasureAsync(
        LoadOptions options, List<LoadLoop> loops, ServerGauge? before, Action<LoadProgress>? progress, CancellationToken stop)
    {
        long epoch = Clock.Now, begin = epoch + Clock.Of(options.WarmUp);
        foreach (LoadLoop loop in loops)
        {
            loop.Tally.Begin = begin;
            loop.Tally.End = begin + Clock.Of(options.Duration);
        }

        Task<bool[]> running = Task.WhenAll(loops.Select(l => OnLoopAsync(l, async () =>
        {
            await l.RunAsync(epoch);
            return true;
        })));
        try
        {
            await WatchAsync(loops, epoch, begin, isWarmUp: true, progress, stop);
            ServerGauge? first = ServerGauge.Read(options.ServerPid);
            await WatchAsync(loops, epoch, begin + Clock.Of(options.Duration), isWarmUp: false, progress, stop);
            ServerGauge? last = ServerGauge.Read(options.ServerPid);
            return before is { } b && first is { } f && last is { } l && l.At > f.At
                ? new ServerUsage(l.Cpu - f.Cpu, (l.Cpu - f.Cpu) / TimeSpan.FromTicks((l.At - f.At) / 100), b.RssBytes, l.RssBytes)
                : null;
        }
        finally
        {
            End(loops);
            await running;
        }
    }

    // Until the moment, or the end that somebody asked for.
    private static async Task WatchAsync(
        List<LoadLoop> loops, long epoch, long until, bool isWarmUp, Action<LoadProgress>? progress, CancellationToken stop)
    {
        long now = Clock.Now, last = now, answered = loops.Sum(l => l.Tally.Answered);
        while (now < until && !stop.IsCancellationRequested)
        {
            TimeSpan left = TimeSpan.FromTicks((until - now) / 100);
            await Task.Delay(left < s_leastDelay ? s_leastDelay : left < s_progressPeriod ? left : s_progressPeriod, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            now = Clock.Now;
            long total = loops.Sum(l => l.Tally.Answered);
            progress?.Invoke(new LoadProgress(
                TimeSpan.FromTicks((now - epoch) / 100),
                isWarmUp,
                (total - answered) * (double)Clock.NanosecondsPerSecond / (now - last),
                loops.Sum(l => l.Tally.ErrorCount),
                loops.Sum(l => l.Tally.Held)));
            (last, answered) = (now, total);
        }
    }

    // What is due, or on its way, by now is waited for.
    private static void End(List<LoadLoop> loops)
    {
        long now = Clock.Now;
        foreach (LoadLoop loop in loops)
        {
            loop.Loop.Post(_ =>
            {
                loop.Tally.End = Math.Min(loop.Tally.End, now);
                loop.BeginEnding();
            });
        }
    }

    private static async Task<T> OnLoopAsync<T>(LoadLoop loop, Func<Task<T>> work)
    {
        await loop.Loop.SwitchTo();
        return await work();
    }

    private static LoadReport Report(
        LoadOptions options, LoopGroup group, DateTimeOffset date, List<LoadLoop> loops, ServerUsage? usage)
    {
        LatencyHistogram latencies = new();
        Timeline timeline = Timeline.Of(options.Duration);
        Dictionary<string, long> errors = [];
        foreach (Tally tally in loops.Select(l => l.Tally))
        {
            latencies.Add(tally.Latencies);
            timeline.Add(tally.Timeline);
            foreach ((string kind, long count) in tally.Errors)
            {
                errors[kind] = errors.GetValueOrDefault(kind) + count;
            }
        }

        Tally any = loops[0].Tally;
        bool isMeasured = any.Begin < any.End && any.End != long.MaxValue;
        TimeSpan measured = isMeasured ? TimeSpan.FromTicks((any.End - any.Begin) / 100) : TimeSpan.Zero;
        int slices = (int)(Math.Max(0, Clock.Of(measured)) / timeline.SliceNanoseconds);
        return new LoadReport
        {
            Options = options,
            Date = date,
            Loops = loops.Count,
            Backend = group.Backend,
            Measured = measured,
            Answered = loops.Sum(l => l.Tally.Answered),
            Requests = loops.Sum(l => l.Tally.Completed),
            BytesReceived = loops.Sum(l => l.Tally.BytesReceived),
            Latencies = latencies,
            Errors = errors,
            Held = loops.Sum(l => l.Tally.Held),
            Slice = TimeSpan.FromTicks(timeline.SliceNanoseconds / 100),
            CompletedPerSlice = [.. timeline.Completed.Take(slices)],
            SlowestPerSlice = [.. timeline.Slowest.Take(slices)],
            Late = options.Rate is null ? null : TimeSpan.FromTicks(loops.Max(l => l.Pacer!.LatestNanoseconds) / 100),
            Server = usage,
        };
    }
}
