using System.Threading.Tasks.Sources;

namespace HotLoop.Sockets.Operations;

/// <summary>
/// An operation with a result of its own shape. It stands behind the ValueTask itself; the slot in which it waits tells it when it has
/// ended.
/// </summary>
internal abstract class ResultOperation<TResult> : SocketOperation, IOperationResult<TResult>, IValueTaskSource<TResult>
{
    private SocketSlot? _slot;

    public abstract TResult ToResult(int code);

    public ValueTaskSourceStatus GetStatus(short token) => _slot!.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _slot!.OnCompleted(continuation, state, token, flags);

    public virtual TResult GetResult(short token) => Take(token);

    /// <summary>The task of the operation, which has been parked in <paramref name="slot"/>.</summary>
    internal ValueTask<TResult> ParkedIn(SocketSlot slot)
    {
        Bind(slot);
        return new ValueTask<TResult>(this, slot.Version);
    }

    private protected void Bind(SocketSlot slot) => _slot = slot;

    private protected TResult Take(short token) => _slot!.Take(token, this);
}
