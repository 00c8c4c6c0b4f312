using System.Globalization;

namespace HotLoop.Conformance.Seeds;

/// <summary>Which seeds a run has, by two environment variables, and how to run one again.</summary>
internal static class SeedRange
{
    internal const string CountVariable = "HOTLOOP_FAULT_SEEDS";
    internal const string FirstVariable = "HOTLOOP_FAULT_SEED";

    private const int DefaultCount = 200;

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    internal static int Count { get; } = Read(CountVariable, DefaultCount);

    internal static int First { get; } = Read(FirstVariable, 1);

    internal static IEnumerable<int> All => Enumerable.Range(First, Count);

    /// <summary>The command that runs <paramref name="seed"/> of <paramref name="test"/> again.</summary>
    internal static string Replay(int seed, string test) =>
        $"{FirstVariable}={seed} {CountVariable}=1 dotnet test native-tests/HotLoop.Conformance -c {Configuration} --filter {test}";

    private static int Read(string variable, int fallback) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
