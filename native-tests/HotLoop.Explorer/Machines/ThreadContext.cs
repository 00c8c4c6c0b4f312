using HotLoop.Explorer.Exploring;

namespace HotLoop.Explorer.Machines;

/// <summary>Where an awaiter off the loop is resumed: on its own explored thread, once that looks here. No thread of the pool has a part in a run.</summary>
internal sealed class ThreadContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _work = new();

    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            Steps.Access("SynchronizationContext.Post");
            _work.Enqueue((d, state));
        }
        catch (RunIsOverException)
        {
            // Whoever posts has a pool to fall back on when a context throws. Nobody waits for this any more.
        }
    }

    /// <summary>Runs what is posted here until there is nothing left to wait for. On the thread whose context this is.</summary>
    internal void RunUntil(string what, Func<bool> isOver)
    {
        while (!isOver())
        {
            ExploredThread.Current!.BlockUntil(what, () => _work.Count > 0 || isOver());
            if (_work.TryDequeue(out (SendOrPostCallback Callback, object? State) item))
            {
                item.Callback(item.State);
            }
        }
    }
}
