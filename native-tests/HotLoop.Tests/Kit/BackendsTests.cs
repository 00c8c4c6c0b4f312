using HotLoop.TestKit;

namespace HotLoop.Tests.Kit;

/// <summary>Which rows the suites get, on any machine.</summary>
public sealed class BackendsTests
{
    private const string Denied = "EPERM: forbidden by a seccomp filter";

    [Fact]
    public void Where_both_work_each_has_a_row()
    {
        Backends backends = new((string?)null);
        Assert.Equal([BackendKind.Epoll, BackendKind.IoUring], backends.Working);
        Assert.Equal(backends.Working, [.. (IEnumerable<BackendKind>)backends]);
        Assert.Empty(backends.LeftOut);
        Assert.Equal("epoll, io_uring", backends.Describe([BackendKind.IoUring, BackendKind.Epoll]));
    }

    [Fact]
    public void Where_io_uring_is_denied_it_has_no_row_and_the_reason_is_said()
    {
        Backends backends = new(Denied);
        Assert.Equal([BackendKind.Epoll], backends.Working);
        Assert.Equal(backends.Working, [.. (IEnumerable<BackendKind>)backends]);
        Assert.Equal([$"io_uring: {Denied}"], backends.LeftOut);
        Assert.Equal($"epoll only; left out: io_uring: {Denied}", backends.Describe(backends.Working));
    }

    [Fact]
    public void A_row_works_and_what_is_left_out_is_refused_with_the_reason()
    {
        foreach (BackendKind kind in new Backends().Working)
        {
            using LoopGroup group = new(new LoopOptions { Backend = kind, LoopCount = 1 });
            Assert.Equal(kind, group.Backend);
        }

        foreach (string reason in new Backends().LeftOut)
        {
            Assert.StartsWith(reason, Assert.Throws<PlatformNotSupportedException>(IoUring).Message, StringComparison.Ordinal);
        }
    }

    private static void IoUring() => new LoopGroup(new LoopOptions { Backend = BackendKind.IoUring }).Dispose();
}
