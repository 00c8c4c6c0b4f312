namespace HotLoop.Polling.Uring;

/// <summary>What another thread asks the loop to do, which alone may use the ring.</summary>
/// <param name="Handle">The descriptor.</param>
/// <param name="Interest">What to watch it for; null: release it.</param>
internal readonly record struct ForeignRequest(UringHandle Handle, Interest? Interest);
