namespace HotLoop.TestKit;

/// <summary>A group of two loops for each backend, shared by the tests of a class; and the class's guard against leaks.</summary>
public sealed class LoopsFixture : IDisposable
{
    private readonly Dictionary<BackendKind, LoopGroup> _groups = [];
    private readonly FdLeakGuard _guard = new();

    static LoopsFixture() => PoolThreads.Ensure();

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
