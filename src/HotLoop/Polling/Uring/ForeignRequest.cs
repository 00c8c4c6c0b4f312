namespace HotLoop.Polling.Uring;

/// <summary>What another thread asks the loop to do, which alone may use the ring.</summary>
/// <param name="Target">The descriptor.</param>
/// <param name="Interest">What to watch it for; null: release it.</param>
/// <param name="MayHaveDuplicates">For a release: see <see cref="Poller.Release"/>.</param>
internal readonly record struct ForeignRequest(PollTarget Target, Interest? Interest, bool MayHaveDuplicates = false);
