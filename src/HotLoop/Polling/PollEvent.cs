namespace HotLoop.Polling;

/// <summary>One descriptor that became ready. See <see cref="Poller.Wait"/>.</summary>
internal readonly record struct PollEvent(ulong Token, Readiness Readiness);
