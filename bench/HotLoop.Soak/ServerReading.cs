namespace HotLoop.Soak;

/// <summary>What the kernel says about a process at one moment.</summary>
/// <param name="RssBytes">Memory that it has in RAM.</param>
/// <param name="Descriptors">Open ones.</param>
/// <param name="Threads">Of it.</param>
/// <param name="Processor">Processor time it has used since it began, user and system.</param>
internal readonly record struct ServerReading(long RssBytes, int Descriptors, int Threads, TimeSpan Processor);
