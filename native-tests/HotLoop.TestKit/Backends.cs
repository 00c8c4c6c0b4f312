using Xunit;

namespace HotLoop.TestKit;

/// <summary>The backends that the conformance suite runs on: one line each.</summary>
public sealed class Backends : TheoryData<BackendKind>
{
    public Backends()
    {
        Add(BackendKind.Epoll);
        Add(BackendKind.IoUring);
    }
}
