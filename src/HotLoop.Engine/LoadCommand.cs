using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using HotLoop.Load;

namespace HotLoop.Engine;

/// <summary><c>hotloop load</c>: makes a load and measures it.</summary>
internal sealed class LoadCommand
{
    private readonly Argument<LoadTarget?> _target = new("target")
    {
        Description = "tcp://HOST:PORT, where what is sent comes back, or http://HOST[:PORT][/PATH].",
        HelpName = "URL",
        CustomParser = ParseTarget,
    };

    private readonly Option<int> _connections = CommandOptions.CreateCount("--connections", "Connections at a time", 100, 1, 1_000_000);

    private readonly Option<int?> _depth = new("--depth")
    {
        Description = "Requests in flight on a connection; with --rate, the most [default: 1; TCP with --rate: no limit].",
        CustomParser = result => CommandOptions.ParseCount(result, 1, 65_536),
        HelpName = "N",
    };

    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "Requests a second over all connections, whatever comes back; latency counts from when a request was due.",
        CustomParser = ParseRate,
        HelpName = "PER_SECOND",
    };

    private readonly Option<int> _size = CommandOptions.CreateCount(
        "--size", "Bytes of a message over TCP", 64, LoadOptions.MessageBytesMin, LoadOptions.WriteBytesMax);

    private readonly Option<bool> _churn = new("--churn")
    {
        Description = "A connection for every request; latency is that of both.",
    };

    private readonly Option<bool> _idle = new("--idle")
    {
        Description = "One request on each connection, which is then held until the end.",
    };

    private readonly Option<bool> _verify = new("--verify") { Description = "Compare every byte that comes back over TCP." };

    private readonly Option<TimeSpan?> _duration = CommandOptions.CreateTime("--duration", "Time measured", LoadOptions.DurationDefault);

    private readonly Option<TimeSpan?> _warmUp =
        CommandOptions.CreateTime("--warmup", "Time of load before that", LoadOptions.WarmUpDefault);

    private readonly Option<TimeSpan?> _timeout = CommandOptions.CreateTime(
        "--timeout", "Longest time for a connection to come about, and without an answer", LoadOptions.TimeoutDefault);

    private readonly Option<int> _loops = CommandOptions.CreateLoops(1);

    private readonly Option<bool> _pin = CommandOptions.CreatePin();

    private readonly Option<BackendKind> _backend = CommandOptions.CreateBackend();

    private readonly Option<int?> _server = new("--server-pid")
    {
        Description = "Process of the server, on this machine: its CPU time and memory are shown.",
        CustomParser = result => CommandOptions.ParseCount(result, 1, int.MaxValue),
        HelpName = "PID",
    };

    private readonly Option<string?> _json = new("--json") { Description = "Write the results as JSON.", HelpName = "FILE" };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write the results as a page with plots.",
        HelpName = "FILE",
    };

    private readonly Option<LoadThreshold[]> _failIf = new("--fail-if")
    {
        Description = "Exit with 1 if this holds: 'p99>5ms', 'max>=1s', 'errors>0', 'rate<1000'. May be given several times.",
        CustomParser = ParseThresholds,
        DefaultValueFactory = _ => [],
        HelpName = "CONDITION",
    };

    private readonly Option<bool> _quiet = new("--quiet") { Description = "No progress on standard error." };

    internal static Command Create() => new LoadCommand().CreateCommand();

    private Command CreateCommand()
    {
        Command command = new("load", "Load a server and measure it.")
        {
            _target, _connections, _depth, _rate, _size, _churn, _idle, _verify, _duration, _warmUp, _timeout, _loops, _pin,
            _backend, _server, _json, _report, _failIf, _quiet,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed)
    {
        LoadOptions options = OptionsOf(parsed);
        string? problem = parsed.GetValue(_churn) && parsed.GetValue(_idle)
            ? "--churn and --idle exclude each other"
            : parsed.GetValue(_json) == "" || parsed.GetValue(_report) == "" ? "a file needs a name" : options.Validate();
        return problem is null
            ? LoadRunner.RunAsync(
                options, parsed.GetValue(_failIf)!, parsed.GetValue(_json), parsed.GetValue(_report), parsed.GetValue(_quiet))
            : Task.FromResult(CommandLine.ReportUsage(parsed.CommandResult.Command, [problem], Console.Error));
    }

    private LoadOptions OptionsOf(ParseResult result) => new()
    {
        Target = result.GetValue(_target)!,
        Mode = result.GetValue(_churn) ? LoadMode.Churn : result.GetValue(_idle) ? LoadMode.Idle : LoadMode.Exchange,
        Connections = result.GetValue(_connections),
        Depth = result.GetValue(_depth),
        Rate = result.GetValue(_rate),
        MessageBytes = result.GetValue(_size),
        Verify = result.GetValue(_verify),
        Duration = result.GetValue(_duration) ?? LoadOptions.DurationDefault,
        WarmUp = result.GetValue(_warmUp) ?? LoadOptions.WarmUpDefault,
        Timeout = result.GetValue(_timeout) ?? LoadOptions.TimeoutDefault,
        ServerPid = result.GetValue(_server),
        Loops = new LoopOptions
        {
            LoopCount = result.GetValue(_loops),
            BusyPoll = Timeout.InfiniteTimeSpan, // waking a loop that sleeps would be charged to the server
            PinThreads = result.GetValue(_pin),
            Backend = result.GetValue(_backend),
        },
    };

    private static LoadTarget? ParseTarget(ArgumentResult result)
    {
        if (LoadTarget.TryParse(result.Tokens.Single().Value, out LoadTarget? target, out string? problem))
        {
            return target;
        }

        result.AddError(char.ToUpperInvariant(problem[0]) + problem[1..] + ".");
        return null;
    }

    private static double? ParseRate(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && double.IsFinite(rate))
        {
            return rate;
        }

        result.AddError($"--rate takes requests a second, not '{text}'.");
        return null;
    }

    private static LoadThreshold[] ParseThresholds(ArgumentResult result)
    {
        List<LoadThreshold> thresholds = [];
        foreach (Token token in result.Tokens)
        {
            if (LoadThreshold.TryParse(token.Value, out LoadThreshold? threshold))
            {
                thresholds.Add(threshold);
            }
            else
            {
                result.AddError($"--fail-if takes conditions such as 'p99>5ms' or 'errors>0', not '{token.Value}'.");
            }
        }

        return [.. thresholds];
    }
}
