namespace HotLoop;

/// <summary>The kernel facility that a loop waits with.</summary>
public enum BackendKind
{
    /// <summary>The best one that works on this machine.</summary>
    Auto,

    /// <summary>epoll(7), edge-triggered. Linux.</summary>
    Epoll,
}
