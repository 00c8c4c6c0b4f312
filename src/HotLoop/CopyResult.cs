namespace HotLoop;

/// <summary>
/// How a copy between connections, or a write of several buffers, ended: Go's <c>n, err</c> of io.Copy and Buffers.WriteTo, where n has 64 bits.
/// </summary>
/// <param name="Count">Bytes that are with the kernel, for the destination of a copy.</param>
/// <param name="Error">Null when all went well: the source of a copy ended, or the limit was reached.</param>
public readonly record struct CopyResult(long Count, OpError? Error);
