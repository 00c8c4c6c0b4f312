namespace HotLoop.Micro;

/// <summary>What a benchmark's thread waits at until so many have passed. Waits in the kernel, without spinning.</summary>
internal sealed class Gate : IDisposable
{
    // Without spinning: the other side has gone to sleep by the time that the benchmark's thread is awake again.
    private readonly ManualResetEventSlim _open = new(false, spinCount: 0);
    private int _left;

    /// <summary>Before the work starts: how many are to pass.</summary>
    internal void Expect(int count)
    {
        _open.Reset();
        Volatile.Write(ref _left, count);
    }

    internal void Pass()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _open.Set();
        }
    }

    internal void Wait() => _open.Wait();

    public void Dispose() => _open.Dispose();
}
