namespace HotLoop.Polling.Uring;

/// <summary>
/// Bytes that have been received for one connection and not yet taken: a chain of buffers of <see cref="BufferRing"/>, oldest first. The
/// default value is the empty list.
/// </summary>
internal struct SegmentList
{
    /// <summary>Number of the first buffer, plus one; 0: none.</summary>
    internal int First;

    /// <summary>Number of the last buffer, plus one.</summary>
    internal int Last;

    internal int Bytes;

    /// <summary>Buffers in the chain.</summary>
    internal int Count;

    internal readonly bool IsEmpty => First == 0;
}
