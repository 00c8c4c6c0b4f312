namespace HotLoop.Parking;

/// <summary>
/// How an operation ended, in one int: 0 or more is success, down to -4095 is -errno, and below that stand the ends that the
/// kernel knows nothing of. Becomes an <see cref="OpError"/> only at the public edge.
/// </summary>
internal static class Outcome
{
    internal const int DeadlineExceeded = -5001;
    internal const int Closed = -5002;
    internal const int Canceled = -5003;

    /// <summary>The caller's own code or memory threw: the exception stands in the slot.</summary>
    internal const int Faulted = -5005;

    /// <summary>Not an end: the operation goes on in the next tick.</summary>
    internal const int Unfinished = -5004;
}
