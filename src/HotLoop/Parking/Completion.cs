using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace HotLoop.Parking;

/// <summary>
/// Where the result of an operation meets its awaiter: what stands behind a ValueTask, used again for each operation.
/// <para>
/// <b>The result</b> is written by whoever ends the operation, and then published. It stays until the awaiter takes it
/// (<see cref="Take"/>). The direction's lock is held until then, so the next operation cannot overwrite it.
/// </para>
/// <para>
/// <b>The meeting point</b> is <see cref="_continuation"/>. Both sides change it from null by compare-and-swap. If the awaiter is
/// first, its continuation stands there, and the ender resumes it. If the ender is first, it leaves a mark, and the awaiter goes on at
/// once. After setting the mark the ender touches nothing more: an awaiter that polls may already use the slot for its next operation.
/// </para>
/// </summary>
internal struct Completion
{
    // The mark. Never called.
    private static readonly Action<object?> s_ended = static _ => throw new UnreachableException();

    // Written by the starter: advanced when an operation begins, and when its result is taken.
    private short _version;

    // Written by whoever ends the operation. _ended is set before an awaiter is resumed.
    private int _code;
    private bool _ended;

    // Written by the awaiter; _continuation last.
    private bool _resumeOnLoop;
    private Action<object?>? _continuation;
    private object? _state;

    /// <summary>The token of the current operation's ValueTask.</summary>
    internal readonly short Version => _version;

    /// <summary>How the operation has ended, for a caller who knows that it has and that its result was not taken.</summary>
    internal readonly int Code => _code;

    private readonly bool IsEnded =>
        Volatile.Read(in _ended) || ReferenceEquals(Volatile.Read(in _continuation), s_ended);

    /// <summary>Whether the operation has ended.</summary>
    internal readonly bool HasEnded(short token)
    {
        CheckToken(token);
        return IsEnded;
    }

    /// <summary>For the starter, before the operation can be parked.</summary>
    internal void Begin()
    {
        _version++;
        _ended = false;
        _continuation = null;
    }

    /// <summary>
    /// Stores the continuation. An awaiter on the loop of <paramref name="slot"/> is resumed there, inline; any other is resumed where its
    /// own context says, or on the thread pool.
    /// </summary>
    internal void Await(
        ParkSlot slot, Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
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

        _resumeOnLoop = slot.Scheduler.IsCurrent;
        if (!_resumeOnLoop && ContinuationInContext.Capture(flags) is { } context)
        {
            state = new ContinuationInContext(context, continuation, state);
            continuation = ContinuationInContext.Run;
        }

        _state = state;
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
        Resume(slot);
    }

    /// <summary>Publishes the result, on any thread; the awaiter is resumed later, never inside this call.</summary>
    internal void End(ParkSlot slot, int code)
    {
        _code = code;
        if (Interlocked.CompareExchange(ref _continuation, s_ended, null) is not null)
        {
            Volatile.Write(ref _ended, true);
            Resume(slot);
        }
    }

    /// <summary>
    /// On the loop's thread: publishes the result for an awaiter that stands there and belongs to the loop; the caller then calls
    /// <see cref="ResumeInline"/>. False: there is none, and nothing was changed.
    /// </summary>
    internal bool TryEndInline(int code)
    {
        if (Volatile.Read(ref _continuation) is null || !_resumeOnLoop)
        {
            return false;
        }

        _code = code;
        Volatile.Write(ref _ended, true);
        return true;
    }

    internal readonly void ResumeInline() => _continuation!(_state);

    /// <summary>Takes the result of an operation that has ended, once.</summary>
    internal int Take(short token)
    {
        CheckToken(token);
        if (!IsEnded)
        {
            throw new InvalidOperationException("The operation has not ended: await its ValueTask.");
        }

        _continuation = null;
        _state = null;
        _version++;
        return _code;
    }

    private readonly void Resume(ParkSlot slot)
    {
        if (_resumeOnLoop)
        {
            slot.Scheduler.Post(_continuation!, _state);
        }
        else if (ReferenceEquals(_continuation, ContinuationInContext.Run))
        {
            ResumeInline();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(slot, preferLocal: false); // its Execute calls ResumeInline
        }
    }

    [DoesNotReturn]
    private static void ThrowAwaitedTwice() =>
        throw new InvalidOperationException("The operation is already awaited: a ValueTask is awaited once.");

    private readonly void CheckToken(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("The ValueTask was awaited before: its operation is over.");
        }
    }
}
