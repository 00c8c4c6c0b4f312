using HotLoop.TestKit;

namespace HotLoop.Tests;

/// <summary>Tests that run on each backend, every one with a loop group of its own. A test begins with <see cref="Use"/>.</summary>
public abstract class BackendTests(int loopCount) : IClassFixture<FdLeakGuard>, IDisposable
{
    private LoopGroup? _group;

    static BackendTests() => PoolThreads.Ensure();

    protected LoopGroup Group => _group ?? throw new InvalidOperationException($"The test has not called {nameof(Use)}.");

    /// <summary>As <see cref="LoopOptions.OnHandlerFault"/>.</summary>
    protected virtual Action<Conn, Exception>? OnHandlerFault => null;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _group?.Dispose();

    protected void Use(BackendKind backend) =>
        _group = new LoopGroup(new LoopOptions { Backend = backend, LoopCount = loopCount, OnHandlerFault = OnHandlerFault });
}
