namespace HotLoop.Polling;

/// <summary>What an operation that is about to wait would do next. See <see cref="Poller.Watch"/>.</summary>
internal enum Interest
{
    /// <summary><see cref="Poller.TryReceive"/> or <see cref="Poller.TryPeek"/>, and nobody else reads the descriptor: it may be received ahead.</summary>
    Receive,

    /// <summary>The same, but bytes must stay in the socket until they are asked for.</summary>
    ReceiveInPlace,

    /// <summary>Something else that reads, on the descriptor itself.</summary>
    Read,

    /// <summary>Anything that writes; also the end of a connect.</summary>
    Write,
}
