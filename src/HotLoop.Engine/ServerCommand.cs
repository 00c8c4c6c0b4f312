using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace HotLoop.Engine;

/// <summary>The commands that serve: <c>hotloop echo</c> and <c>hotloop discard</c>. They differ in their handler only.</summary>
internal static class ServerCommand
{
    // With bulk data a read is worth more bytes than a small message has.
    private const int DiscardBlockBytes = 64 * 1024;

    private static readonly TimeSpan s_drainDefault = TimeSpan.FromSeconds(5);

    internal static Command CreateEcho() => Create("echo", "Send back whatever comes, on every connection.", Handlers.Echo);

    internal static Command CreateDiscard() =>
        Create("discard", "Read whatever comes and throw it away, on every connection.", Handlers.Discard, DiscardBlockBytes);

    private static Command Create(string name, string description, Func<Conn, Task> handler, int? blockBytes = null)
    {
        Option<string> listen = new("--listen")
        {
            Description = "Address to listen on, HOST:PORT.",
            DefaultValueFactory = _ => "127.0.0.1:8888",
        };
        Option<BackendKind> backend = new("--backend")
        {
            Description = "Kernel facility to wait with [default: auto, which is epoll].",
            CustomParser = ParseBackend,
            HelpName = "auto|epoll|io_uring",
        };
        Option<int> loops = new("--loops")
        {
            Description = "Number of loops, each with a thread [default: 0, one per processor].",
            CustomParser = ParseLoops,
            HelpName = "N",
        };
        Option<bool> pin = new("--pin") { Description = "Bind each loop to a processor of its own." };
        Option<TimeSpan?> drain = new("--drain")
        {
            Description = "Time that connections get to finish after SIGINT or SIGTERM [default: 5].",
            CustomParser = ParseSeconds,
            HelpName = "seconds",
        };

        Command command = new(name, description) { listen, backend, loops, pin, drain };
        command.SetAction((parsed, _) => ServerRunner.RunAsync(
            name,
            handler,
            parsed.GetValue(listen)!,
            new LoopOptions
            {
                Backend = parsed.GetValue(backend),
                LoopCount = parsed.GetValue(loops),
                PinThreads = parsed.GetValue(pin),
                BlockSizeBytes = blockBytes ?? new LoopOptions().BlockSizeBytes,
            },
            parsed.GetValue(drain) ?? s_drainDefault));
        return command;
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

    private static int ParseLoops(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 1024)
        {
            return count;
        }

        result.AddError($"--loops takes a number, 0 to 1024, not '{text}'.");
        return default;
    }

    private static TimeSpan? ParseSeconds(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= 86_400)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        result.AddError($"--drain takes seconds, 0 to 86400, not '{text}'.");
        return default;
    }
}
