namespace HotLoop.Soak;

/// <summary>What the command line asks for.</summary>
internal sealed record SoakOptions
{
    /// <summary>The engine binary to start.</summary>
    internal required string Engine { get; init; }

    /// <summary>The engine's options <c>--backend</c> and <c>--loops</c>.</summary>
    internal required string Backend { get; init; }

    internal required int Loops { get; init; }

    /// <summary>How long the engine is made to collect garbage all the time; zero: not at all.</summary>
    internal required TimeSpan GcStress { get; init; }

    /// <summary>A running server instead, HOST:PORT, and its process.</summary>
    internal required string? Target { get; init; }

    internal required int ServerPid { get; init; }

    /// <summary>How long the load lasts.</summary>
    internal required TimeSpan Duration { get; init; }

    /// <summary>How long the server has, without connections, to give back descriptors and memory.</summary>
    internal required TimeSpan Settle { get; init; }

    internal required int Seed { get; init; }

    internal required SoakLimits Limits { get; init; }

    internal required string? JsonPath { get; init; }

    internal required string? SvgPath { get; init; }
}
