namespace HotLoop.TestKit;

/// <summary>
/// Enough threads in the pool from the start. The test runner blocks some; with as many as there are processors, code off the loops
/// would at times wait half a second or more for the pool to add one.
/// </summary>
public static class PoolThreads
{
    private const int Enough = 16;

    public static void Ensure()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Enough), completions);
    }
}
