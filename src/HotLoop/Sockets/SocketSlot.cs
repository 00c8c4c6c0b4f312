using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using HotLoop.Native;
using HotLoop.Parking;
using HotLoop.Polling;

namespace HotLoop.Sockets;

/// <summary>
/// A park slot of a socket: how every operation starts, and who has its reference and lock. The subclass holds the operation's fields
/// and does its system call.
/// <para>
/// The starter comes with the direction's lock and a reference. If the operation ends at once both stay with the starter. If it parks
/// they are the slot's: the reference goes when the operation ends, the lock when its result is taken.
/// </para>
/// </summary>
internal abstract class SocketSlot : ParkSlot
{
    private readonly SocketFd _fd;

    // What the operation threw on the loop, for its awaiter. Only what the caller brings can throw: memory, or code that uses the
    // descriptor.
    private Exception? _fault;

    // Set by the starter when the operation is parked; gone before the lock is.
    private Cancellation? _cancellation;

    private protected SocketSlot(SocketFd fd)
        : base(fd.Scheduler) => _fd = fd;

    private protected SocketFd Fd => _fd;

    private protected sealed override bool IsClosing => _fd.IsClosed;

    private protected abstract Direction Direction { get; }

    /// <summary>
    /// The first try is made even when no event has announced it. A receive does without: after a short one an event tells.
    /// </summary>
    private protected abstract bool AlwaysTries { get; }

    /// <summary>For another connection.</summary>
    internal void Renew() => Reset();

    /// <summary>"Canceled" makes a task that is made of the ValueTask a canceled one.</summary>
    public ValueTaskSourceStatus GetStatus(short token)
    {
        ValueTaskSourceStatus status = StatusOf(token);
        return status == ValueTaskSourceStatus.Succeeded && _cancellation is not null && Code == Outcome.Canceled
            ? ValueTaskSourceStatus.Canceled
            : status;
    }

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        Await(continuation, state, token, flags);

    /// <summary>
    /// Starts the operation whose fields have been filled in. True: it has ended with <paramref name="code"/>. False: it is parked.
    /// </summary>
    private protected bool TryStart(out int code)
    {
        if (IsDeadlineExceeded)
        {
            code = Outcome.DeadlineExceeded;
            return true;
        }

        bool mayGoOn = Scheduler.IsCurrent ? Scheduler.SpendOperation() : !IsForLoop;
        bool tryNow = AlwaysTries;
        while (true)
        {
            // What came before a try is no reason for a second one.
            while (mayGoOn && (TakeReady() | tryNow))
            {
                if (TryFirst(out code))
                {
                    return true;
                }

                tryNow = code == Outcome.Unfinished;
                mayGoOn = !tryNow || !Scheduler.IsCurrent;
            }

            if (!mayGoOn)
            {
                Begin();
                Yield();
                code = Outcome.Unfinished;
                return false;
            }

            code = _fd.EnsureWatched(Interest);
            if (code < 0)
            {
                return true;
            }

            Begin();
            if (TryWait())
            {
                return false;
            }
        }
    }

    /// <summary>The operation's system call. True when it has ended, with its code.</summary>
    private protected abstract bool TryOnce(out int code);

    /// <summary>Only the loop can try the operation.</summary>
    private protected virtual bool IsForLoop => false;

    /// <summary>What the operation wants to be told of.</summary>
    private protected virtual Interest Interest => Direction == Direction.Write ? Interest.Write : Interest.Read;

    /// <summary>Forgets the operation's fields: what a slot refers to, the garbage collector cannot close.</summary>
    private protected abstract void Clear();

    private protected sealed override bool Attempt(out int code)
    {
        try
        {
            if (TryOnce(out code))
            {
                return true;
            }

            int watched = code == -Errno.EAGAIN ? _fd.EnsureWatched(Interest) : 0;
            if (watched < 0)
            {
                code = watched;
            }

            return watched < 0;
        }
        catch (Exception e)
        {
            SetReady(); // what is in the socket is not known: the next operation tries at once
            _fault = e;
            code = Outcome.Faulted;
            return true;
        }
    }

    /// <summary>
    /// Has a token end the operation that was just parked, and nothing else. By its starter, before the ValueTask is given away.
    /// </summary>
    internal void CancelBy(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = new Cancellation(this, cancellationToken);
        }
    }

    /// <summary>What an awaiter is thrown.</summary>
    private protected static Exception ToException(OpError error, CancellationToken canceledBy) =>
        error.Kind == OpErrorKind.Canceled ? new OperationCanceledException(canceledBy) : error;

    private protected sealed override void OnEnded() => _fd.Release();

    /// <summary>
    /// After the result has been copied out: gives the lock back, and the reference if the operation still has it. Throws what the
    /// operation threw; returns the token that could end it.
    /// </summary>
    private protected CancellationToken EndTaken(bool endPending)
    {
        Exception? fault = _fault;
        Cancellation? cancellation = _cancellation;
        _fault = null;
        _cancellation = null;
        cancellation?.End(); // while the slot is still this operation's
        if (endPending)
        {
            _fd.EndOperation(Direction);
        }
        else
        {
            _fd.Unlock(Direction);
        }

        if (fault is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return cancellation?.Token ?? default;
    }

    // On the starter's side: what it brought throws in its own face.
    private bool TryFirst(out int code)
    {
        try
        {
            return TryOnce(out code);
        }
        catch
        {
            SetReady();
            Clear();
            _fd.EndOperation(Direction);
            throw;
        }
    }

    private protected static bool HasEnded(int code) => code is not (-Errno.EAGAIN or Outcome.Unfinished);
}
