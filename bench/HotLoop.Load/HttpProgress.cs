namespace HotLoop.Load;

/// <summary>How far the bytes given to <see cref="HttpResponseParser"/> have brought it.</summary>
internal enum HttpProgress
{
    /// <summary>All were used, and the response goes on.</summary>
    Partial,

    /// <summary>The response ended; what is left belongs to the next.</summary>
    Complete,

    /// <summary>That was no HTTP/1.x response.</summary>
    Malformed,
}
