using HotLoop.Polling.Uring;
using Xunit;

namespace HotLoop.TestKit;

/// <summary>
/// The backends that the conformance suite runs on: one line each. What does not work on this machine has no row, and
/// <see cref="LeftOut"/> says why.
/// </summary>
public sealed class Backends : TheoryData<BackendKind>
{
    private readonly List<BackendKind> _working = [];
    private readonly List<string> _leftOut = [];

    public Backends()
        : this(UringProbe.Obstacle)
    {
    }

    /// <param name="uring">What stands in the way of io_uring; null: nothing.</param>
    internal Backends(string? uring)
    {
        AddUnless(null, BackendKind.Epoll);
        AddUnless(uring, BackendKind.IoUring);
    }

    /// <summary>Those that have a row; the best is the last.</summary>
    public IReadOnlyList<BackendKind> Working => _working;

    /// <summary>Such as "io_uring: EPERM: forbidden by a seccomp filter".</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    public static string NameOf(BackendKind kind) => kind == BackendKind.IoUring ? "io_uring" : kind.ToString().ToLowerInvariant();

    /// <summary>"epoll, io_uring", or "epoll only; left out: io_uring: EPERM: forbidden by a seccomp filter".</summary>
    /// <param name="used">Those that tests have run on.</param>
    public string Describe(IEnumerable<BackendKind> used)
    {
        string names = string.Join(", ", used.Order().Select(NameOf));
        return _leftOut.Count == 0 ? names : $"{names} only; left out: {string.Join("; ", _leftOut)}";
    }

    private void AddUnless(string? obstacle, BackendKind kind)
    {
        if (obstacle is null)
        {
            _working.Add(kind);
            Add(kind);
        }
        else
        {
            _leftOut.Add($"{NameOf(kind)}: {obstacle}");
        }
    }
}
