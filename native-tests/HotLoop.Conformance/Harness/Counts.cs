namespace HotLoop.Conformance;

/// <summary>How a count is compared with Go's.</summary>
public enum Counts
{
    /// <summary>The same.</summary>
    Exact,

    /// <summary>Above zero: how much depends on the kernel's buffers.</summary>
    Some,

    /// <summary>Not at all: it may also be zero.</summary>
    Any,
}
