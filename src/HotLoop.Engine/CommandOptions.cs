using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace HotLoop.Engine;

/// <summary>Options that several commands have, and how their values are read.</summary>
internal static class CommandOptions
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    // The longest suffix first: "ms" ends with "s" too.
    private static readonly (string Suffix, double Seconds)[] s_units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];

    internal static Option<BackendKind> CreateBackend() => new("--backend")
    {
        Description = "Kernel facility to wait with [default: auto, which is epoll].",
        CustomParser = ParseBackend,
        HelpName = "auto|epoll|io_uring",
    };

    internal static Option<int> CreateLoops(int count) => new("--loops")
    {
        Description = "Number of loops, each with a thread; 0: one per processor.",
        CustomParser = result => ParseCount(result, 0, 1024),
        DefaultValueFactory = _ => count,
        HelpName = "N",
    };

    internal static Option<bool> CreatePin() => new("--pin") { Description = "Bind each loop to a processor of its own." };

    /// <summary>A time; null: the default, which the description names.</summary>
    internal static Option<TimeSpan?> CreateTime(string name, string description, TimeSpan value, TimeSpan? most = null) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} [default: {value.TotalSeconds}s]."),
        CustomParser = result => ParseTime(result, most ?? s_day),
        HelpName = "TIME",
    };

    internal static Option<int> CreateCount(string name, string description, int value, int least, int most) => new(name)
    {
        Description = description + ".",
        CustomParser = result => ParseCount(result, least, most),
        DefaultValueFactory = _ => value,
        HelpName = "N",
    };

    internal static int ParseCount(ArgumentResult result, int least, int most)
    {
        string text = result.Tokens.Single().Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= least && count <= most)
        {
            return count;
        }

        result.AddError($"{NameOf(result)} takes a number, {least} to {most}, not '{text}'.");
        return default;
    }

    private static BackendKind ParseBackend(ArgumentResult result)
    {
        switch (result.Tokens.Single().Value)
        {
            case "auto":
                return BackendKind.Auto;
            case "epoll":
                return BackendKind.Epoll;
            case "io_uring":
                return BackendKind.IoUring;
            default:
                result.AddError($"--backend takes auto, epoll or io_uring, not '{result.Tokens[0].Value}'.");
                return default;
        }
    }

    private static TimeSpan? ParseTime(ArgumentResult result, TimeSpan most)
    {
        string text = result.Tokens.Single().Value;
        (string suffix, double unit) = s_units.First(u => text.EndsWith(u.Suffix, StringComparison.Ordinal));
        if (double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * unit <= most.TotalSeconds)
        {
            return TimeSpan.FromSeconds(value * unit);
        }

        result.AddError($"{NameOf(result)} takes a time of at most {(most == s_day ? "a day, such as 5s, 250ms or 2m" : $"{most.TotalSeconds}s")}, not '{text}'.");
        return default;
    }

    private static string NameOf(ArgumentResult result) => ((OptionResult)result.Parent!).Option.Name;
}
