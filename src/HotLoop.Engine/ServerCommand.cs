using System.CommandLine;

namespace HotLoop.Engine;

/// <summary>The commands that serve: <c>hotloop echo</c> and <c>hotloop discard</c>. They differ in their handler only.</summary>
internal static class ServerCommand
{
    // With bulk data a read is worth more bytes than a small message has.
    private const int DiscardBlockBytes = 64 * 1024;

    private static readonly TimeSpan s_drainDefault = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_idleGraceDefault = new ServerOptions().IdleGrace;
    private static readonly TimeSpan s_idleGraceLeast = TimeSpan.FromMilliseconds(1);

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
        Option<BackendKind> backend = CommandOptions.CreateBackend();
        Option<int> loops = CommandOptions.CreateLoops(0);
        Option<bool> pin = CommandOptions.CreatePin();
        Option<TimeSpan?> busyPoll = CommandOptions.CreateTime(
            "--busy-poll", "Time for which an idle loop looks for more before it sleeps, at most 1s", TimeSpan.Zero, most: TimeSpan.FromSeconds(1));
        Option<bool> sharedListener = new("--shared-listener")
        {
            Description = "Have all loops accept from one listening socket instead of from one each.",
        };
        Option<TimeSpan?> drain = CommandOptions.CreateTime(
            "--drain", "Time that connections get to finish after SIGINT or SIGTERM", s_drainDefault);
        Option<TimeSpan?> idleGrace = CommandOptions.CreateTime(
            "--idle-grace", "Time after which a connection that waits for its client does not cost the drain", s_idleGraceDefault);

        Command command = new(name, description) { listen, backend, loops, pin, busyPoll, sharedListener, drain, idleGrace };
        command.SetAction((parsed, _) => ServerRunner.RunAsync(
            name,
            handler,
            parsed.GetValue(listen)!,
            new LoopOptions
            {
                Backend = parsed.GetValue(backend),
                LoopCount = parsed.GetValue(loops),
                PinThreads = parsed.GetValue(pin),
                BusyPoll = parsed.GetValue(busyPoll) ?? TimeSpan.Zero,
                BlockSizeBytes = blockBytes ?? new LoopOptions().BlockSizeBytes,
            },
            new ServerOptions
            {
                SharedListener = parsed.GetValue(sharedListener),
                IdleGrace = parsed.GetValue(idleGrace) is not { } grace ? s_idleGraceDefault : grace > s_idleGraceLeast ? grace : s_idleGraceLeast,
            },
            parsed.GetValue(drain) ?? s_drainDefault));
        return command;
    }
}
