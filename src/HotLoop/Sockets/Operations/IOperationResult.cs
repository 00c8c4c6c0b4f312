namespace HotLoop.Sockets.Operations;

/// <summary>An operation that knows how to make its result of an outcome.</summary>
internal interface IOperationResult<out TResult>
{
    /// <summary>Under the lock of its direction, once the operation has ended.</summary>
    TResult ToResult(int code);
}
