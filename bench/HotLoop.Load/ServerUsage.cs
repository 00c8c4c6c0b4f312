namespace HotLoop.Load;

/// <summary>What the server used while it was measured.</summary>
/// <param name="Cpu">CPU time, user and system, of the whole process.</param>
/// <param name="Core">That by the time it took: 1 is one core, always busy.</param>
/// <param name="RssBytesBefore">Resident memory before the first connection.</param>
/// <param name="RssBytesAfter">Resident memory at the end, the connections still open.</param>
public sealed record ServerUsage(TimeSpan Cpu, double Core, long RssBytesBefore, long RssBytesAfter);
