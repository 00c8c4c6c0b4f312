using HotLoop.Explorer.Exploring;
using HotLoop.Polling;

namespace HotLoop.Explorer.Machines;

/// <summary>A poller without sockets.</summary>
/// <param name="sleep">Returns when the poller has been woken, which its argument tells, or, like the kernel, for a reason of its own.</param>
internal sealed class SleepyPoller(Action<Func<bool>> sleep) : Poller
{
    private bool _isWoken;
    private bool _isDisposed;

    internal override BackendKind Kind => BackendKind.Auto;

    internal override int Wait(Span<PollEvent> events, int timeoutMilliseconds)
    {
        if (timeoutMilliseconds != 0)
        {
            sleep(() => _isWoken);
        }

        _isWoken = false;
        return 0;
    }

    internal override void Wake()
    {
        Steps.Access("Poller.Wake");
        Assert.False(_isDisposed, "woken after it was disposed of");
        _isWoken = true;
    }

    internal override PollHandle CreateHandle() => throw new NotSupportedException("it has no sockets");

    public override void Dispose() => _isDisposed = true;
}
