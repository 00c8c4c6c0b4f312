using HotLoop.TestKit.Networks;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>A theory that needs a network namespace and the programs ip and nft, which set up a redirection in it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RedirectTheoryAttribute : TheoryAttribute
{
    public RedirectTheoryAttribute() => Skip = NetworkNamespace.Refusal() ?? Missing("ip") ?? Missing("nft");

    private static string? Missing(string program) =>
        new[] { "/usr/sbin", "/sbin", "/usr/bin", "/bin" }.Any(folder => File.Exists(Path.Combine(folder, program)))
            ? null
            : $"needs the program {program} (Debian: iproute2, nftables)";
}
