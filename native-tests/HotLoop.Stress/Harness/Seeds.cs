using System.Globalization;

namespace HotLoop.Stress;

/// <summary>
/// The seeds of a run, by two environment variables: how many there are scales the whole suite, and the first one makes a run differ
/// from the last or repeats it.
/// </summary>
public static class Seeds
{
    private const string CountVariable = "HOTLOOP_STRESS_SEEDS";
    private const string FirstVariable = "HOTLOOP_STRESS_SEED";
    private const int DefaultCount = 3;

    private static readonly int s_count = Read(CountVariable, DefaultCount);
    private static readonly int s_first = Read(FirstVariable, 1);

    public static IEnumerable<int> All => Enumerable.Range(s_first, s_count);

    /// <summary>How to run one seed of one test again.</summary>
    public static string Replay(int seed, string test) =>
        $"{FirstVariable}={seed} {CountVariable}=1 dotnet test native-tests/HotLoop.Stress --filter {test}";

    private static int Read(string variable, int fallback) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : fallback;
}
