namespace HotLoop.Polling.Uring;

/// <summary>How large a loop's ring and its memory are. Debug builds make them small, so that tests fill both queues and run out of buffers.</summary>
internal sealed record UringLimits
{
#if DEBUG
    internal static readonly UringLimits Default = new()
    {
        Submissions = 4,
        Completions = 8,
        Buffers = 8,
        BufferStep = 2,
        HighWatermarkBuffers = 4,
        HighWatermarkBytes = 4 * BufferRing.BufferBytes,
    };
#else
    internal static readonly UringLimits Default = new()
    {
        Submissions = 256,
        Completions = 4096,
        Buffers = 1024,
        BufferStep = 64,
        HighWatermarkBuffers = 64,
        HighWatermarkBytes = 64 * 1024,
    };
#endif

    /// <summary>Entries of the submission queue; a power of two.</summary>
    internal required int Submissions { get; init; }

    /// <summary>Entries of the completion queue; a power of two. What does not fit the kernel keeps elsewhere.</summary>
    internal required int Completions { get; init; }

    /// <summary>Most buffers for receives; a power of two.</summary>
    internal required int Buffers { get; init; }

    /// <summary>Buffers given at first, and more whenever they run short.</summary>
    internal required int BufferStep { get; init; }

    /// <summary>Buffers of one connection that does not read at which the kernel is asked to stop. It may fill some more meanwhile.</summary>
    internal required int HighWatermarkBuffers { get; init; }

    /// <summary>Bytes of one connection, likewise.</summary>
    internal required int HighWatermarkBytes { get; init; }
}
