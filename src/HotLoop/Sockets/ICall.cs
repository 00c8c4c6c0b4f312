namespace HotLoop.Sockets;

/// <summary>
/// One call of a user's on a socket, as <see cref="SocketHandle.Start"/> wants it: what to try, and what the user gets. Implemented by
/// structs, so that the JIT compiles each call for itself; a struct keeps what <see cref="TryStart"/> has brought for <see cref="Ended"/>.
/// </summary>
/// <typeparam name="TTask">What the user awaits.</typeparam>
internal interface ICall<TTask>
{
    /// <summary>The half of the socket whose lock it needs.</summary>
    Direction Direction { get; }

    /// <summary>
    /// Under the lock: starts the operation. True: it has ended with <paramref name="code"/>. False: it is parked in the direction's slot.
    /// </summary>
    bool TryStart(SocketFd socket, out int code);

    /// <summary>
    /// The task of an operation that ended without waiting; or, with a negative code, of one that could not begin. Without the lock.
    /// </summary>
    TTask Ended(int code, CancellationToken cancellationToken);

    /// <summary>The task of an operation that is parked in <paramref name="socket"/>.</summary>
    TTask Parked(SocketFd socket);

    /// <summary>The task of one that waits in line for the lock.</summary>
    static abstract TTask Flatten(ValueTask<TTask> inLine);
}

/// <summary>A call with a result.</summary>
internal interface IResultCall<TResult> : ICall<ValueTask<TResult>>
{
    static async ValueTask<TResult> ICall<ValueTask<TResult>>.Flatten(ValueTask<ValueTask<TResult>> inLine) =>
        await await inLine;
}

/// <summary>A call without a result.</summary>
internal interface IVoidCall : ICall<ValueTask>
{
    static async ValueTask ICall<ValueTask>.Flatten(ValueTask<ValueTask> inLine) => await await inLine;
}
