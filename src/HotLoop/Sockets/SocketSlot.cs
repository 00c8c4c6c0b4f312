using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using HotLoop.Native;
using HotLoop.Parking;
using HotLoop.Polling;
using HotLoop.Sockets.Operations;

namespace HotLoop.Sockets;

/// <summary>
/// A park slot of a socket, which holds the operation's reference and lock. The subclass has the operation's fields and does its system call.
/// <para>
/// The starter comes with the direction's lock and a reference (<see cref="SocketHandle"/>). If the operation ends at once both stay with
/// the starter. If it parks they are the slot's: the reference goes when the operation ends, the lock when its result is taken.
/// </para>
/// </summary>
internal abstract class SocketSlot : ParkSlot, IValueTaskSource<SlotResult>
{
    // Set by the starter when the operation is parked; gone before the lock is.
    private Cancellation? _cancellation;

    private protected SocketSlot(SocketFd fd)
        : base(fd.Scheduler) => Fd = fd;

    private protected SocketFd Fd { get; }

    private protected sealed override bool IsClosing => Fd.IsClosed;

    private protected abstract Direction Direction { get; }

    /// <summary>What the operation wants to be told of.</summary>
    private protected abstract Interest Interest { get; }

    /// <summary>"Canceled" makes a task that is made of the ValueTask a canceled one.</summary>
    public ValueTaskSourceStatus GetStatus(short token) => !HasEnded(token, out int code)
        ? ValueTaskSourceStatus.Pending
        : _cancellation is not null && code == Outcome.Canceled
            ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Succeeded;

    SlotResult IValueTaskSource<SlotResult>.GetResult(short token)
    {
        int code = TakeCode(token, out bool endPending);
        Clear();
        _ = EndTaken(endPending);
        return new SlotResult(code);
    }

    /// <summary>Starts <paramref name="operation"/>, whose errors <paramref name="owner"/> makes. As <see cref="ParkSlot.TryStart"/>.</summary>
    internal abstract bool TryRun(SocketOperation operation, IErrorSource? owner, out int code);

    /// <summary>
    /// Has a token end the operation that was just parked, and nothing else. By its starter, before the ValueTask is given away.
    /// </summary>
    internal void CancelBy(CancellationToken cancellationToken) => _cancellation = new Cancellation(this, cancellationToken);

    /// <summary>Takes the result of an operation that makes it itself, once.</summary>
    internal TResult Take<TResult>(short token, IOperationResult<TResult> operation)
    {
        int code = TakeCode(token, out bool endPending);
        TResult result = code == Outcome.Faulted ? default! : operation.ToResult(code); // before the lock goes, and the operation with it
        Clear();
        _ = EndTaken(endPending);
        return result;
    }

    /// <summary>
    /// Starts the operation whose fields have been filled in: as <see cref="ParkSlot.TryStart"/>, and throws what the operation throws. When
    /// it has ended the caller takes what it wants of the fields and clears them.
    /// </summary>
    private protected bool TryBegin(out int code)
    {
        if (!TryStart(out code))
        {
            return false;
        }

        if (code == Outcome.Faulted)
        {
            Clear();
            TakeFault()!.Throw();
        }

        return true;
    }

    /// <summary>What an awaiter is thrown.</summary>
    private protected static Exception ToException(OpError error, CancellationToken canceledBy) =>
        error.Kind == OpErrorKind.Canceled ? new OperationCanceledException(canceledBy) : error;

    /// <summary>Drops the operation's fields: what a slot refers to, the garbage collector cannot close.</summary>
    private protected abstract void Clear();

    private protected sealed override int Watch() => Fd.Watch(Interest);

    private protected sealed override void OnEnded() => Fd.Release();

    /// <summary>
    /// After the result has been copied out: gives the lock back, and the reference if the operation still has it. Throws what the
    /// operation threw; returns the token that could end it.
    /// </summary>
    private protected CancellationToken EndTaken(bool endPending)
    {
        ExceptionDispatchInfo? fault = TakeFault();
        Cancellation? cancellation = _cancellation;
        _cancellation = null;
        cancellation?.End(); // while the slot is still this operation's
        if (endPending)
        {
            Fd.EndOperation(Direction);
        }
        else
        {
            Fd.Unlock(Direction);
        }

        fault?.Throw();
        return cancellation?.Token ?? default;
    }

    private protected static bool IsEnd(int code) => code is not (-Errno.EAGAIN or Outcome.Unfinished);
}
