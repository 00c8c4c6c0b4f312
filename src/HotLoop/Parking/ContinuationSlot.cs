using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using HotLoop.Timers;

namespace HotLoop.Parking;

/// <summary>
/// Where the result of an operation meets its awaiter: the source behind a ValueTask, used again for each operation.
/// <para>
/// <b>The result</b> is written by the one who ends the operation, then published. It stays until the awaiter takes it
/// (<see cref="TakeCode"/>), and the direction's lock is held as long: the next operation cannot overwrite it.
/// </para>
/// <para>
/// <b>The meeting point</b> is <see cref="_continuation"/>, a compare-and-swap away from null for both sides. The awaiter first: it stands there, and
/// is resumed. The end first: a mark stands there, and the awaiter goes on at once. After it has set the mark the ender touches
/// nothing any more, for an awaiter that polls may already be using the slot for its next operation.
/// </para>
/// </summary>
internal abstract class ContinuationSlot : TimerEntry, IThreadPoolWorkItem
{
    // The mark. Never called.
    private static readonly Action<object?> s_ended = static _ => throw new UnreachableException();

    private readonly Scheduler _scheduler;

    // Written by the starter: one more for each operation begun, and one more when its result is taken.
    private short _version;

    // Written by the one who ends the operation. _ended: set when the awaiter was there first, before it is resumed.
    private int _code;
    private bool _ended;

    // The operation has ended, but OnEnded is left to the awaiter that is just being resumed inline, which can then give back
    // reference and lock in one step; if it does not take its result at once, OnEnded follows when it returns. Used on the
    // loop's thread only: an awaiter elsewhere leaves it alone.
    private bool _endPending;

    // Written by the awaiter; _continuation last.
    private bool _resumeOnLoop;
    private Action<object?>? _continuation;
    private object? _continuationState;
    private object? _continuationContext;

    private protected ContinuationSlot(Scheduler scheduler) => _scheduler = scheduler;

    internal Scheduler Scheduler => _scheduler;

    /// <summary>The token of the current operation's ValueTask.</summary>
    internal short Version => _version;

    /// <summary>How the operation has ended, for one who knows that it has and that its result was not taken.</summary>
    private protected int Code => _code;

    private bool IsEnded => Volatile.Read(ref _ended) || ReferenceEquals(Volatile.Read(ref _continuation), s_ended);

    internal ValueTaskSourceStatus StatusOf(short token)
    {
        CheckToken(token);
        return IsEnded ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    /// <summary>
    /// Stores the continuation. An awaiter on this slot's loop is resumed there, inline; any other is resumed where its
    /// own context says, or on the thread pool.
    /// </summary>
    internal void Await(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        CheckToken(token);
        if (Volatile.Read(ref _continuation) is { } first && !ReferenceEquals(first, s_ended))
        {
            ThrowAwaitedTwice(); // before anything of the first awaiter's is overwritten
        }

        if ((flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0
            && ExecutionContext.Capture() is { } executionContext)
        {
            state = new CapturedContinuation(executionContext, continuation, state);
            continuation = CapturedContinuation.Run;
        }

        _resumeOnLoop = _scheduler.IsCurrent;
        if (!_resumeOnLoop)
        {
            _continuationContext = AwaiterContext.Capture(flags);
        }

        _continuationState = state;
        Action<object?>? previous = Interlocked.CompareExchange(ref _continuation, continuation, null);
        if (previous is null)
        {
            return;
        }

        if (!ReferenceEquals(previous, s_ended))
        {
            ThrowAwaitedTwice();
        }

        Volatile.Write(ref _ended, true);
        _continuation = continuation;
        Resume();
    }

    void IThreadPoolWorkItem.Execute() => _continuation!(_continuationState);

    /// <summary>Before an operation's fields are filled in. For the starter.</summary>
    private protected void Begin()
    {
        _version++;
        _ended = false;
        _continuation = null;
    }

    /// <summary>The operation has ended: gives up its reference to the descriptor.</summary>
    private protected abstract void OnEnded();

    /// <summary>Ends the operation with <paramref name="code"/>, on any thread; the awaiter is resumed later, never inside this call.</summary>
    private protected void Complete(int code)
    {
        _code = code;
        OnEnded();
        if (Interlocked.CompareExchange(ref _continuation, s_ended, null) is not null)
        {
            Volatile.Write(ref _ended, true);
            Resume();
        }
    }

    /// <summary>Ends the operation on the loop's thread; an awaiter that belongs there is resumed inside this call.</summary>
    private protected void CompleteInline(int code)
    {
        if (Volatile.Read(ref _continuation) is not { } continuation || !_resumeOnLoop)
        {
            Complete(code);
            return;
        }

        _code = code;
        Volatile.Write(ref _ended, true);
        _endPending = true;
        continuation(_continuationState);
        if (_endPending)
        {
            _endPending = false;
            OnEnded();
        }
    }

    /// <summary>
    /// Takes the result of an operation that has ended, once. The caller unlocks the direction after it has copied out the
    /// rest, and touches the slot no more.
    /// </summary>
    /// <param name="token">Of the ValueTask.</param>
    /// <param name="endPending">The caller has to do what <see cref="OnEnded"/> does.</param>
    private protected int TakeCode(short token, out bool endPending)
    {
        CheckToken(token);
        if (!IsEnded)
        {
            throw new InvalidOperationException("The operation has not ended: await its ValueTask.");
        }

        endPending = _endPending && _scheduler.IsCurrent;
        if (endPending)
        {
            _endPending = false;
        }

        _continuation = null;
        _continuationState = null;
        _continuationContext = null;
        _version++;
        return _code;
    }

    private void Resume()
    {
        if (_resumeOnLoop)
        {
            _scheduler.Post(_continuation!, _continuationState);
        }
        else if (_continuationContext is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            AwaiterContext.Resume(_continuationContext, _continuation!, _continuationState);
        }
    }

    [DoesNotReturn]
    private static void ThrowAwaitedTwice() =>
        throw new InvalidOperationException("The operation is already awaited: a ValueTask is awaited once.");

    private void CheckToken(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("The ValueTask was awaited before: its operation is over.");
        }
    }
}
