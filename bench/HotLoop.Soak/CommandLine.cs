using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.ComponentModel;
using System.Globalization;

namespace HotLoop.Soak;

/// <summary>The command line of the soak. Exit codes: 0 good, 1 failed, 2 the command line was wrong.</summary>
internal static class CommandLine
{
    private const int ExitFailed = 1;
    private const int ExitUsage = 2;
    private const double BytesPerMebibyte = 1024 * 1024;

    private static readonly Option<string> s_engine = new("--engine")
    {
        Description = "The engine binary to start.",
        DefaultValueFactory = _ => "out/hotloop",
        HelpName = "PATH",
    };

    private static readonly Option<string> s_backend =
        new("--backend") { Description = "Of the engine.", DefaultValueFactory = _ => "auto" };

    private static readonly Option<int> s_loops =
        Number("--loops", "Loops of the engine; 0: one per processor.", "N", 0, 1024, Convert.ToInt32, 0);

    private static readonly Option<double> s_gcStress = Number(
        "--gc-stress",
        "So long before half the time is over, the engine is made to collect and compact, up to 100 times a second.",
        "SECONDS",
        0,
        1e6,
        n => n,
        0);

    private static readonly Option<string?> s_target =
        new("--target") { Description = "A running echo server instead of the engine.", HelpName = "HOST:PORT" };

    private static readonly Option<int?> s_serverPid =
        Number<int?>("--server-pid", "The process of that server.", "PID", 1, int.MaxValue, n => Convert.ToInt32(n), null);

    private static readonly Option<double> s_seconds =
        Number("--seconds", "How long the load lasts.", "SECONDS", 1, 1e6, n => n, 60);

    private static readonly Option<double> s_settle =
        Number("--settle", "Longest wait for descriptors and memory afterwards.", "SECONDS", 0, 3600, n => n, 10);

    private static readonly Option<int?> s_seed = Number<int?>(
        "--seed",
        "Decides sizes and pauses [default: another one each time].",
        "N",
        0,
        int.MaxValue,
        n => Convert.ToInt32(n),
        null);

    private static readonly Option<long?> s_maxRssGrowth = Number<long?>(
        "--max-rss-growth",
        "Growth of the memory that is allowed [default: a tenth, and 8 MiB].",
        "MIB",
        0,
        1e6,
        n => (long)(n * BytesPerMebibyte),
        null);

    private static readonly Option<double> s_maxLatency =
        Number("--max-latency", "Limit of the 99th percentile of echo.", "MS", 0, 1e6, n => n, 500);

    private static readonly Option<string?> s_json =
        new("--json") { Description = "Writes samples and results to a file.", HelpName = "FILE" };

    private static readonly Option<string?> s_svg =
        new("--svg") { Description = "Draws memory, descriptors and latency over time.", HelpName = "FILE" };

    internal static async Task<int> RunAsync(string[] args)
    {
        Command root = new("hotloop-soak", "Mixed load on an echo server; fails on leaks, wrong bytes, errors and slowness.")
        {
            s_engine, s_backend, s_loops, s_gcStress, s_target, s_serverPid, s_seconds, s_settle, s_seed, s_maxRssGrowth,
            s_maxLatency, s_json, s_svg, new HelpOption(),
        };
        s_backend.AcceptOnlyFromAmong("auto", "epoll", "io_uring");
        root.Validators.Add(RequireWhatBelongs);
        root.SetAction(SoakAsync);
        ParseResult parsed = root.Parse(args);
        string? error = parsed.Errors.Count > 0 ? parsed.Errors[0].Message
            : parsed.GetValue(s_gcStress) > parsed.GetValue(s_seconds) / 2 ? "--gc-stress takes at most half of --seconds."
            : null;
        if (error is not null)
        {
            Console.Error.WriteLine($"hotloop-soak: {error}");
            Console.Error.WriteLine("usage: hotloop-soak [options]; hotloop-soak --help lists them");
            return ExitUsage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static async Task<int> SoakAsync(ParseResult parsed, CancellationToken stop)
    {
        SoakOptions options = new()
        {
            Engine = parsed.GetValue(s_engine)!,
            Backend = parsed.GetValue(s_backend)!,
            Loops = parsed.GetValue(s_loops),
            GcStress = TimeSpan.FromSeconds(parsed.GetValue(s_gcStress)),
            Target = parsed.GetValue(s_target),
            ServerPid = parsed.GetValue(s_serverPid) ?? 0,
            Duration = TimeSpan.FromSeconds(parsed.GetValue(s_seconds)),
            Settle = TimeSpan.FromSeconds(parsed.GetValue(s_settle)),
            Seed = parsed.GetValue(s_seed) ?? Random.Shared.Next(),
            Limits = new SoakLimits(parsed.GetValue(s_maxRssGrowth), TimeSpan.FromMilliseconds(parsed.GetValue(s_maxLatency))),
            JsonPath = parsed.GetValue(s_json),
            SvgPath = parsed.GetValue(s_svg),
        };
        try
        {
            return await new SoakRun(options, Console.Out).RunAsync(stop) ? 0 : ExitFailed;
        }
        catch (Exception e) when (e is IOException or Win32Exception or ArgumentException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"hotloop-soak: {e.Message}");
            return ExitFailed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("hotloop-soak: interrupted");
            return ExitFailed;
        }
    }

    private static void RequireWhatBelongs(CommandResult command)
    {
        if (command.GetResult(s_target) is null != (command.GetResult(s_serverPid) is not { Implicit: false }))
        {
            command.AddError("--target and --server-pid belong together.");
        }

        if (command.GetResult(s_target) is not null && command.GetResult(s_gcStress) is { Implicit: false })
        {
            command.AddError("--gc-stress takes the engine that the soak starts, and no --target.");
        }
    }

    private static Option<T> Number<T>(
        string name, string description, string unit, double min, double max, Func<double, T> convert, T fallback) => new(name)
        {
            Description = description,
            HelpName = unit,
            DefaultValueFactory = _ => fallback,
            CustomParser = result =>
            {
                string text = result.Tokens.Single().Value;
                if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                    && number >= min && number <= max)
                {
                    return convert(number);
                }

                result.AddError($"{name} takes a number from {min} to {max}, not '{text}'.");
                return default;
            },
        };
}
