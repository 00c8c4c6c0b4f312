using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace HotLoop.Parking;

/// <content>How an operation ends, and how its awaiter takes the result.</content>
internal abstract partial class ParkSlot
{
    private Completion _completion;

    // The operation has ended, but its OnEnded is left to the awaiter that is just being resumed inline: that one gives back
    // reference and lock in one step. If it does not take its result at once, OnEnded follows when it returns. Used on the
    // loop's thread only: an awaiter elsewhere leaves it alone.
    private bool _endPending;

    // What the operation has brought besides its code: see Result; or what it threw, for its awaiter or starter. Only what the caller brings
    // can throw: its memory, or its code that uses the descriptor.
    private object? _result;

    /// <summary>The token of the current operation's ValueTask.</summary>
    internal short Version => _completion.Version;

    /// <summary>The operation has ended: gives up its reference to the descriptor.</summary>
    private protected abstract void OnEnded();

    void IThreadPoolWorkItem.Execute() => _completion.ResumeInline();

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.Await(this, continuation, state, token, flags);

    /// <summary>Whether the operation has ended, and with which code.</summary>
    private protected bool HasEnded(short token, out int code)
    {
        bool ended = _completion.HasEnded(token);
        code = ended ? _completion.Code : Outcome.Unfinished;
        return ended;
    }

    /// <summary>
    /// Takes the result of an operation that has ended, once. The caller unlocks the direction after it has copied out the
    /// rest, and touches the slot no more.
    /// </summary>
    /// <param name="token">Of the ValueTask.</param>
    /// <param name="endPending">The caller has to do what <see cref="OnEnded"/> does.</param>
    private protected int TakeCode(short token, out bool endPending)
    {
        int code = _completion.Take(token);
        endPending = _endPending && Scheduler.IsCurrent;
        if (endPending)
        {
            _endPending = false;
        }

        return code;
    }

    /// <summary>
    /// What the operation has brought besides its code, or null. Set by each try of an operation that brings something, taken by whoever has
    /// the code.
    /// </summary>
    private protected object? Result
    {
        get => _result;
        set => _result = value;
    }

    /// <summary>What the operation threw, once; null: nothing. For whoever has the code and, before, took the <see cref="Result"/>.</summary>
    private protected ExceptionDispatchInfo? TakeFault()
    {
        object? result = _result;
        _result = null;
        return result is Exception fault ? ExceptionDispatchInfo.Capture(fault) : null;
    }

    // By whoever ends an operation that is no longer parked: its awaiter is resumed later, never inside this call.
    private void Complete(int code)
    {
        OnEnded();
        _completion.End(this, code);
    }

    // By the owner of Busy, in Run: nobody else writes the word now. An awaiter that belongs to the loop is resumed inside this call.
    private void FinishOnLoop(int code)
    {
        Volatile.Write(ref _word, _word & ~PhaseMask);
        if (!_completion.TryEndInline(code))
        {
            Complete(code);
            return;
        }

        _endPending = true;
        _completion.ResumeInline();
        if (_endPending)
        {
            _endPending = false;
            OnEnded();
        }
    }
}
