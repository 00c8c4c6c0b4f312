using System.Threading.Tasks.Sources;

namespace HotLoop.Parking;

/// <summary>
/// A continuation of an awaiter that is not on the loop and has a place of its own to be resumed in: its SynchronizationContext or
/// TaskScheduler. Compiled async methods on the thread pool have none, so this is rare.
/// </summary>
internal sealed class ContinuationInContext(object context, Action<object?> continuation, object? state)
{
    /// <summary>Hands the continuation over, which never runs inside this call.</summary>
    internal static readonly Action<object?> Run = static self => ((ContinuationInContext)self!).Resume();

    /// <summary>Null: the thread pool.</summary>
    internal static object? Capture(ValueTaskSourceOnCompletedFlags flags)
    {
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) == 0)
        {
            return null;
        }

        SynchronizationContext? context = SynchronizationContext.Current;
        if (context is not null && context.GetType() != typeof(SynchronizationContext))
        {
            return context;
        }

        TaskScheduler scheduler = TaskScheduler.Current;
        return scheduler == TaskScheduler.Default ? null : scheduler;
    }

    // A context that refuses (it was shut down) is replaced by the thread pool: what was promised a resumption gets it.
    private void Resume()
    {
        try
        {
            if (context is SynchronizationContext synchronizationContext)
            {
                synchronizationContext.Post(new SendOrPostCallback(continuation), state);
            }
            else
            {
                Task.Factory.StartNew(
                    continuation, state, CancellationToken.None, TaskCreationOptions.DenyChildAttach, (TaskScheduler)context);
            }
        }
        catch (Exception)
        {
            ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: false);
        }
    }
}
