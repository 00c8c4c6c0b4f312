using HotLoop.Polling;

namespace HotLoop.Tests.Kit;

/// <summary>A poller without sockets that tells when its loop looks for events and when it sleeps.</summary>
internal sealed class SleepWatcher : Poller
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private TaskCompletionSource _asleep = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _looks;
    private int _sleeps;
    private int _wakes;

    internal override BackendKind Kind => BackendKind.Auto;

    /// <summary>Waits of no time so far.</summary>
    internal int Looks => Volatile.Read(ref _looks);

    /// <summary>Waits of some time so far.</summary>
    internal int Sleeps => Volatile.Read(ref _sleeps);

    internal int Wakes => Volatile.Read(ref _wakes);

    /// <summary>Ends when the loop next begins to sleep.</summary>
    internal Task NextSleep()
    {
        lock (_gate)
        {
            return _asleep.Task;
        }
    }

    internal override int Wait(Span<PollEvent> events, int timeoutMilliseconds)
    {
        if (timeoutMilliseconds == 0)
        {
            Interlocked.Increment(ref _looks);
            return 0;
        }

        Interlocked.Increment(ref _sleeps);
        TaskCompletionSource asleep;
        lock (_gate)
        {
            asleep = _asleep;
            _asleep = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        asleep.SetResult();
        _wake.Wait(timeoutMilliseconds);
        return 0;
    }

    internal override void Wake()
    {
        Interlocked.Increment(ref _wakes);
        _wake.Release();
    }

    internal override PollHandle CreateHandle() => throw new NotSupportedException("it has no sockets");

    public override void Dispose() => _wake.Dispose();
}
