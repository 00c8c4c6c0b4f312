namespace HotLoop.Load;

/// <summary>How a run is going, about once a second.</summary>
/// <param name="Elapsed">Since the load began, warm-up included.</param>
/// <param name="IsWarmUp">Whether measuring has not begun.</param>
/// <param name="RequestsPerSecond">Completed since the last of these.</param>
/// <param name="Errors">So far.</param>
/// <param name="Held">Connections held, in <see cref="LoadMode.Idle"/>.</param>
public readonly record struct LoadProgress(TimeSpan Elapsed, bool IsWarmUp, double RequestsPerSecond, long Errors, long Held);
