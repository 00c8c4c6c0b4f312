namespace HotLoop.Explorer.Machines;

/// <summary>Where an awaiter off the loop is resumed: at once, by who resumes it, so that no thread of the pool has a part in the run.</summary>
internal sealed class ResumptionContext : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => d(state);
}
