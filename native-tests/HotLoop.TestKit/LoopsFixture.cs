namespace HotLoop.TestKit;

/// <summary>A group of two loops for each backend, shared by the tests of a class; and the class's guard against leaks.</summary>
public sealed class LoopsFixture : IDisposable
{
    private const int PoolThreads = 16;

    private readonly Dictionary<BackendKind, LoopGroup> _groups = [];
    private readonly FdLeakGuard _guard = new();

    // The test runner blocks threads of the pool. With as many as there are processors, code off the loops would at times wait a second
    // for the pool to add one.
    static LoopsFixture()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, PoolThreads), completions);
    }

    public LoopGroup For(BackendKind backend)
    {
        if (!_groups.TryGetValue(backend, out LoopGroup? group))
        {
            group = new LoopGroup(new LoopOptions { Backend = backend, LoopCount = 2 });
            _groups.Add(backend, group);
        }

        return group;
    }

    // The guard looks first: a group that ends closes what tests left open, and would hide it.
    public void Dispose()
    {
        try
        {
            _guard.Dispose();
        }
        finally
        {
            foreach (LoopGroup group in _groups.Values)
            {
                group.Dispose();
            }
        }
    }
}
