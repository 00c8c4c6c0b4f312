using System.Runtime.InteropServices;

namespace HotLoop.Engine;

/// <summary>Runs a server until a signal ends it.</summary>
internal static class ServerRunner
{
    internal static async Task<int> RunAsync(
        string name, Func<Conn, Task> handler, string address, LoopOptions options, ServerOptions serving, TimeSpan drain)
    {
        using LoopGroup loops = new(options);
        Server server = Server.Listen(
            "tcp", address, handler, new ServerOptions { Loops = loops, SharedListener = serving.SharedListener, IdleGrace = serving.IdleGrace });
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        string? reason = options.Backend == BackendKind.Auto ? loops.BackendReason : null;
        int count = loops.Loops.Count;
        Console.WriteLine(
            $"hotloop: {name} listening on {server.Address} ({BackendName(loops.Backend)}, {count} {(count == 1 ? "loop" : "loops")})");
        if (reason is not null)
        {
            Console.Error.WriteLine($"hotloop: backend: {reason}");
        }

        await stop.Task;
        await server.StopAsync(drain);
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = stop.TrySetResult(); // the first starts the drain, the second ends the process at once
        }
    }

    private static string BackendName(BackendKind kind) => kind switch
    {
        BackendKind.Epoll => "epoll",
        BackendKind.IoUring => "io_uring",
        _ => kind.ToString(),
    };
}
