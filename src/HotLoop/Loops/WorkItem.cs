namespace HotLoop.Loops;

/// <summary>Work posted to a loop.</summary>
internal readonly record struct WorkItem(Action<object?> Work, object? State);
