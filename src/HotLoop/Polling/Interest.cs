namespace HotLoop.Polling;

/// <summary>What an operation that is about to wait would do next. See <see cref="PollHandle.Watch"/>.</summary>
internal enum Interest
{
    /// <summary><see cref="PollHandle.TryReceive"/> or <see cref="PollHandle.TryPeek"/>: the poller may receive ahead.</summary>
    Receive,

    /// <summary>Something else that reads, on the descriptor itself.</summary>
    Read,

    /// <summary>Anything that writes; also the end of a connect.</summary>
    Write,
}
