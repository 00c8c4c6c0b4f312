namespace HotLoop.Faults.Frame;

/// <summary>How much of a scenario is run: all of it by <c>make faults</c>, a little with the other tests.</summary>
internal static class Scale
{
    internal static bool Full { get; } = Environment.GetEnvironmentVariable("HOTLOOP_FAULTS") == "full";

    internal static int Of(int full, int brief) => Full ? full : brief;

    internal static TimeSpan Of(TimeSpan full, TimeSpan brief) => Full ? full : brief;
}
