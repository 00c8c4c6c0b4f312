namespace HotLoop.Stress;

/// <summary>
/// Counts what was begun and what has ended. Operations are watched by a bare continuation, which sees a second resumption that an
/// await would turn into something else.
/// </summary>
public sealed class Completions
{
    private int _begun;
    private int _ended;
    private int _repeated;

    public Task<T> Watch<T>(ValueTask<T> operation)
    {
        Interlocked.Increment(ref _begun);
        return new Watched<T>(this, operation).Start();
    }

    /// <summary>At a moment when everything must have ended, and nothing twice.</summary>
    public void RequireBalance() =>
        Assert.True(_begun == Volatile.Read(ref _ended) && Volatile.Read(ref _repeated) == 0, ToString());

    public override string ToString() => $"{_begun} operations begun, {_ended} ended, {_repeated} of them again";

    private sealed class Watched<T>(Completions counts, ValueTask<T> operation)
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;

        internal Task<T> Start()
        {
            if (operation.IsCompleted)
            {
                End();
            }
            else
            {
                operation.GetAwaiter().UnsafeOnCompleted(End);
            }

            return _result.Task;
        }

        private void End()
        {
            if (Interlocked.Increment(ref _calls) > 1)
            {
                Interlocked.Increment(ref counts._repeated);
                return;
            }

            try
            {
                T result = operation.GetAwaiter().GetResult();
                Interlocked.Increment(ref counts._ended);
                _result.SetResult(result);
            }
            catch (Exception e)
            {
                Interlocked.Increment(ref counts._ended);
                _result.SetException(e);
            }
        }
    }
}
