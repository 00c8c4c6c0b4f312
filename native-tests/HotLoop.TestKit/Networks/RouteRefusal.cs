namespace HotLoop.TestKit.Networks;

/// <summary>How a route refuses; the values are the kernel's.</summary>
public enum RouteRefusal : byte
{
    Blackhole = 6,
    Unreachable = 7,
    Prohibit = 8,
}
