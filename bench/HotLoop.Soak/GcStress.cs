using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace HotLoop.Soak;

/// <summary>Has the engine collect all its garbage again and again, for a part of the soak.</summary>
/// <remarks>
/// From outside, as a profiler does: a tracing session with the runtime's keyword for heap snapshots begins with a full blocking
/// collection. That it moves objects is up to <see cref="CompactingName"/>, with which the engine is started. What really happened is
/// counted from the runtime's events.
/// </remarks>
/// <param name="process">The engine.</param>
internal sealed class GcStress(int process)
{
    /// <summary>The environment variable with which every collection compacts, whatever the heap looks like.</summary>
    internal const string CompactingName = "DOTNET_gcForceCompact";

    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const int BufferMebibytes = 16;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private readonly DiagnosticsClient _runtime = new(process);

    /// <summary>The window of a soak in which the stress is on: the one that ends at its half, so that what follows shows what is left.</summary>
    internal static TimeSpan Start(TimeSpan duration, TimeSpan stress) =>
        stress < duration / 2 ? (duration / 2) - stress : TimeSpan.Zero;

    /// <summary>Waits for <paramref name="after"/> and then has the engine collect for <paramref name="duration"/>.</summary>
    /// <returns>What the engine did in that time, or until it was gone, or <paramref name="stop"/> was canceled.</returns>
    internal async Task<GcStressSummary> RunAsync(TimeSpan after, TimeSpan duration, CancellationToken stop)
    {
        GcStressSummary summary = new(after.TotalSeconds, (after + duration).TotalSeconds);
        await Task.Delay(after, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stop.IsCancellationRequested)
        {
            try
            {
                await CollectAsync(duration, summary, stop);
            }
            catch (Exception e) when (e is DiagnosticsClientException or IOException)
            {
                // The engine has ended, which the soak finds out without this; or it is not told to collect, which the summary shows.
            }
        }

        return summary;
    }

    private async Task CollectAsync(TimeSpan duration, GcStressSummary summary, CancellationToken stop)
    {
        using EventPipeSession session = Watch(ClrTraceEventParser.Keywords.GC);
        Task reading = Task.Factory.StartNew(
            () => Count(session, summary), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using (CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            end.CancelAfter(duration);
            while (!end.IsCancellationRequested)
            {
                using (Watch(ClrTraceEventParser.Keywords.GCHeapCollect))
                {
                }

                await Task.Delay(s_pause, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        session.Stop();
        await reading;
    }

    private EventPipeSession Watch(ClrTraceEventParser.Keywords what) => _runtime.StartEventPipeSession(
        [new EventPipeProvider(Runtime, EventLevel.Informational, (long)what)], requestRundown: false, BufferMebibytes);

    private static void Count(EventPipeSession session, GcStressSummary summary)
    {
        using EventPipeEventSource events = new(session.EventStream);
        double suspended = 0;
        events.Clr.GCSuspendEEStart += e => suspended = e.TimeStampRelativeMSec;
        events.Clr.GCRestartEEStop += e => summary.LongestPause = Math.Max(summary.LongestPause, e.TimeStampRelativeMSec - suspended);
        events.Clr.GCGlobalHeapHistory += e =>
        {
            summary.Collections++;
            summary.Compacting += e.GlobalMechanisms.HasFlag(GCGlobalMechanisms.Compaction) ? 1 : 0;
        };
        events.Process();
    }
}
