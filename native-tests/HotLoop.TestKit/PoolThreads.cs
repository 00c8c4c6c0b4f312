namespace HotLoop.TestKit;

/// <summary>
/// Enough threads in the pool from the start. The test runner blocks some; with as many as there are processors, code off the loops
/// would at times wait half a second or more for the pool to add one.
/// </summary>
public static class PoolThreads
{
    private const int Enough = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static void Ensure()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Enough), completions);
    }

    /// <summary>Has the pool make its threads now, by the calling thread or others of this moment; they stay for 20 s without work.</summary>
    public static void Start()
    {
        const int Count = Enough - 4; // the runner and the caller may have some
        Ensure();
        using CountdownEvent started = new(Count);
        using ManualResetEventSlim goOn = new();
        using CountdownEvent ended = new(Count);
        for (int i = 0; i < Count; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    started.Signal();
                    goOn.Wait();
                    ended.Signal();
                },
                null);
        }

        started.Wait(s_patience);
        goOn.Set();
        ended.Wait();
    }
}
