namespace HotLoop.Polling.Uring;

/// <summary>What another thread asks the loop to do, which alone may use the ring. <see cref="Interest"/> null: release the descriptor.</summary>
internal readonly record struct ForeignRequest(PollTarget Target, Interest? Interest);
