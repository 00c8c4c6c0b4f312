using System.Globalization;

namespace HotLoop.Abi;

/// <summary>What the C headers say: <c>probe.c</c>, compiled and run once for a processor, in a temporary folder.</summary>
internal sealed class Probe
{
    private static readonly Lazy<Probe> s_native = new(() => Run(Processor.Native));
    private static readonly Lazy<Probe> s_arm64 = new(() => Run(Processor.Arm64));

    private readonly Dictionary<string, long> _numbers = [];
    private readonly Dictionary<long, string> _texts = [];
    private readonly List<string> _missing = [];

    /// <summary>By "constant NAME", "sizeof TYPE", "offset STRUCT.FIELD", "width STRUCT.FIELD".</summary>
    internal IReadOnlyDictionary<string, long> Numbers => _numbers;

    /// <summary>strerror(3) by number.</summary>
    internal IReadOnlyDictionary<long, string> Texts => _texts;

    /// <summary>Constants and structures that the headers do not have.</summary>
    internal IReadOnlyList<string> Missing => _missing;

    /// <summary>The texts of errors are the GNU library's; other C libraries word them differently.</summary>
    internal bool IsGnu { get; private set; }

    internal static Probe Of(Processor processor) => processor == Processor.Native ? s_native.Value : s_arm64.Value;

    private static Probe Run(Processor processor)
    {
        string folder = Directory.CreateTempSubdirectory("hotloop-abi-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "names.h"), ProbeSource.Names());
            Probe probe = new();
            foreach (string line in processor.Run(Path.Combine(AppContext.BaseDirectory, "probe.c"), folder).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                probe.Add(line);
            }

            return probe;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Add(string line)
    {
        string[] words = line.Split(' ');
        switch (words[0])
        {
            case "libc":
                IsGnu = words[1] == "gnu";
                break;
            case "missing":
                _missing.Add(words[1]);
                break;
            case "text":
                _texts[long.Parse(words[1], CultureInfo.InvariantCulture)] = string.Join(' ', words[2..]);
                break;
            default:
                // A type's name may have a space ("unsigned int").
                _numbers[string.Join(' ', words[..^1])] = long.Parse(words[^1], CultureInfo.InvariantCulture);
                break;
        }
    }
}
