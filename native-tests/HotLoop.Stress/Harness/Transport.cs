namespace HotLoop.Stress;

/// <summary>A kind of stream that the suite runs over: a network of Go's names, and how to get an address nobody listens at.</summary>
public sealed record Transport(string Network, Func<string> FreshAddress)
{
    /// <summary>One line each.</summary>
    public static IReadOnlyList<Transport> All { get; } =
    [
        new("tcp", () => "127.0.0.1:0"),
        new("unix", () => Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".sock")),
    ];

    public static Transport Of(string network) => All.Single(t => t.Network == network);

    public override string ToString() => Network;
}
