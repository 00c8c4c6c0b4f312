namespace HotLoop.Polling;

/// <summary>What a <see cref="PollEvent"/> says about a descriptor. All of it may be spurious: try, and see.</summary>
[Flags]
internal enum Readiness
{
    /// <summary>A receive or accept may succeed, give EOF, or give an error.</summary>
    Read = 1,

    /// <summary>A send may succeed or give an error; a connect has ended.</summary>
    Write = 2,

    /// <summary>
    /// From now on a short receive does not prove that the socket is drained: EOF, an error or urgent data stands behind
    /// it, and no further event need come for it.
    /// </summary>
    Drain = 4,

    /// <summary>Never spurious: the kernel has let go of a descriptor, see <see cref="PollHandle.Release"/>. Comes alone.</summary>
    Released = 8,
}
