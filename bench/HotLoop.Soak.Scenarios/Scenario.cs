using System.Diagnostics;

namespace HotLoop.Soak.Scenarios;

/// <summary>
/// One way to use an echo server, over HotLoop's own client side, to be repeated for as long as a soak lasts. Any number of
/// iterations may run at the same time.
/// </summary>
/// <param name="name">In small letters, for tables and reports.</param>
public abstract class Scenario(string name)
{
    /// <summary>In small letters, for tables and reports.</summary>
    public string Name { get; } = name;

    /// <summary>One iteration. It never throws, and ends by itself within a few <see cref="SoakTarget.Patience"/>.</summary>
    /// <param name="target">The server.</param>
    /// <param name="random">Decides sizes and pauses. Not shared with other iterations that run.</param>
    /// <param name="stop">Once canceled, an iteration of many messages ends after the present one. That is no failure.</param>
    public async Task<IterationResult> RunAsync(SoakTarget target, Random random, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            Moved moved = await PlayAsync(target, random, stop);
            return new IterationResult(FailureKind.None, "", moved.Bytes, moved.Latency);
        }
        catch (ScenarioException e)
        {
            return Failed(e.Kind, e.Message);
        }
        catch (OpError e)
        {
            return Failed(e.Timeout ? FailureKind.TimedOut : FailureKind.Error, e.Message);
        }
        catch (Exception e)
        {
            return Failed(FailureKind.Error, $"{e.GetType().Name}: {e.Message}");
        }

        IterationResult Failed(FailureKind kind, string text) => new(kind, text, 0, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>As <see cref="RunAsync"/>, but a failure is an exception.</summary>
    private protected abstract Task<Moved> PlayAsync(SoakTarget target, Random random, CancellationToken stop);
}
