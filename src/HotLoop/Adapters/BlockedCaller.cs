namespace HotLoop.Adapters;

/// <summary>
/// A thread that waits for an asynchronous operation and meanwhile runs the operation's continuations itself. So a synchronous call needs
/// neither the context of its caller, which is blocked, nor the thread pool, whose threads may all be blocked in calls like this one.
/// </summary>
internal sealed class BlockedCaller : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _work = new();

    /// <summary>Runs <paramref name="start"/> to its end, on the calling thread and where the loops are.</summary>
    internal static int Wait(Func<ValueTask<int>> start)
    {
        SynchronizationContext? before = Current;
        BlockedCaller caller = new();
        SetSynchronizationContext(caller);
        try
        {
            Task<int> task = RunAsync(start);
            while (!task.IsCompleted) // by what this thread runs: all awaits inside come back to it
            {
                caller.RunNext();
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Starts what the caller may later block for, in EndRead: its context must not be needed for the end. A loop's is.</summary>
    internal static T WithoutContext<T>(Func<T> start)
    {
        SynchronizationContext? before = Current;
        if (Loop.Current is not null || before is null)
        {
            return start();
        }

        SetSynchronizationContext(null);
        try
        {
            return start();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_work)
        {
            _work.Enqueue((d, state));
            Monitor.Pulse(_work);
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    // Awaited here and not turned into a task, which would be completed by the thread pool.
    private static async Task<int> RunAsync(Func<ValueTask<int>> start) => await start();

    private void RunNext()
    {
        (SendOrPostCallback Callback, object? State) next;
        lock (_work)
        {
            while (!_work.TryDequeue(out next))
            {
                Monitor.Wait(_work);
            }
        }

        next.Callback(next.State);
    }
}
