using System.Threading.Tasks.Sources;

namespace HotLoop.Parking;

/// <summary>Where an awaiter that is not on the loop wants to be resumed: its SynchronizationContext or TaskScheduler.</summary>
internal static class AwaiterContext
{
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

    /// <summary>A context that refuses (it was shut down) is replaced by the thread pool: what was promised a resumption gets it.</summary>
    internal static void Resume(object context, Action<object?> continuation, object? state)
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
