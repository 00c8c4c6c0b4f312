namespace HotLoop.Serving;

/// <summary>Runs a report of the user's: an exception in it must not take a loop or an accept down, and has nobody else to go to.</summary>
internal static class Callback
{
    internal static void Run(Action report)
    {
        try
        {
            report();
        }
        catch (Exception e)
        {
            Report(e);
        }
    }

    /// <summary>Cancels, which runs what others have registered, on the thread pool.</summary>
    internal static async Task Cancel(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            Report(e.InnerExceptions[0]);
        }
    }

    private static void Report(Exception e) => ErrorLines.Default.Write($"a callback failed: {e.GetType().Name}: {e.Message}");
}
