namespace HotLoop;

/// <summary>How a copy between connections ended: Go's <c>n, err</c> of io.Copy.</summary>
/// <param name="Count">Bytes that are with the destination's kernel buffers.</param>
/// <param name="Error">Null when the source ended, or the limit was reached.</param>
public readonly record struct CopyResult(long Count, OpError? Error);
