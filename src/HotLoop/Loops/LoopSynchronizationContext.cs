namespace HotLoop.Loops;

/// <summary>
/// Installed on the loop's thread, so that code that began there comes home after awaiting a task of somebody else
/// (unless it says ConfigureAwait(false)).
/// </summary>
internal sealed class LoopSynchronizationContext(LoopCore loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        loop.Post(new Action<object?>(d), state);
    }

    /// <summary>Runs <paramref name="d"/> on the loop's thread and waits for it; at once when already there.</summary>
    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (loop.IsCurrent)
        {
            d(state);
            return;
        }

        Task task = new(() => d(state));
        loop.Post(static task => ((Task)task!).RunSynchronously(), task);
        task.GetAwaiter().GetResult();
    }

    public override SynchronizationContext CreateCopy() => this;
}
