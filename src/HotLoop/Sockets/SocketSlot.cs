using System.Threading.Tasks.Sources;
using HotLoop.Parking;

namespace HotLoop.Sockets;

/// <summary>
/// A park slot of a socket. An operation either does its system call here when it is retried (a subclass says how), or only
/// waits (<see cref="WaitAsync"/>, for a connect, whose call is made once and then asked for its answer).
/// </summary>
internal abstract class SocketSlot : ParkSlot, IValueTaskSource<WaitResult>
{
    private readonly SocketFd _fd;
    private bool _waitOnly;

    private protected SocketSlot(SocketFd fd)
        : base(fd.Scheduler) => _fd = fd;

    private protected SocketFd Fd => _fd;

    private protected sealed override bool IsClosing => _fd.IsClosed;

    /// <summary>
    /// Waits until the direction may be ready. The caller holds the direction's lock and a reference, and keeps both.
    /// </summary>
    internal ValueTask<WaitResult> WaitAsync()
    {
        int watched = _fd.EnsureWatched();
        if (watched < 0)
        {
            return new ValueTask<WaitResult>(new WaitResult(watched));
        }

        Begin();
        _waitOnly = true;
        while (!TryWait())
        {
            if (TakeReady())
            {
                return new ValueTask<WaitResult>(new WaitResult(0));
            }
        }

        return new ValueTask<WaitResult>(this, Version);
    }

    /// <summary>For another connection.</summary>
    internal void Renew() => Reset();

    public ValueTaskSourceStatus GetStatus(short token) => StatusOf(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        Await(continuation, state, token, flags);

    WaitResult IValueTaskSource<WaitResult>.GetResult(short token) => new(TakeCode(token, out _));

    /// <summary>The subclass's system call; see <see cref="ParkSlot.Attempt"/>.</summary>
    private protected abstract bool AttemptCall(out int code);

    private protected sealed override bool Attempt(out int code)
    {
        if (_waitOnly)
        {
            code = 0;
            return true;
        }

        return AttemptCall(out code);
    }

    private protected sealed override void OnEnded()
    {
        if (!_waitOnly)
        {
            _fd.Release();
        }
    }

    /// <summary>After the result has been copied out: gives the lock back, and the reference if the operation still has it.</summary>
    private protected void EndTaken(Direction direction, bool endPending)
    {
        if (endPending)
        {
            _fd.EndOperation(direction);
        }
        else
        {
            _fd.Unlock(direction);
        }
    }

    /// <summary>Before an operation whose call is made by <see cref="AttemptCall"/>.</summary>
    private protected void BeginCall()
    {
        Begin();
        _waitOnly = false;
    }
}
