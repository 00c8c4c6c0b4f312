using System.Runtime.InteropServices;

namespace HotLoop.Engine;

/// <summary>The server behind <c>hotloop echo</c>.</summary>
internal static class EchoServer
{
    internal static async Task<int> RunAsync(string address, LoopOptions options, TimeSpan drain)
    {
        using LoopGroup loops = new(options);
        Server server = Server.Listen("tcp", address, Echo, new ServerOptions { Loops = loops });
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        int count = loops.Loops.Count;
        Console.WriteLine(
            $"hotloop: echo listening on {server.Address} ({BackendName(loops.Backend)}, {count} {(count == 1 ? "loop" : "loops")})");
        await stop.Task;
        await server.StopAsync(drain);
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = stop.TrySetResult(); // the first starts the drain, the second ends the process at once
        }
    }

    // A connection that waits holds no buffer: the lease is rented when data is there and given back once it is written.
    private static async Task Echo(Conn conn)
    {
        while (true)
        {
            using ReadLease lease = await conn.TryReadLeaseAsync();
            if (lease.Length == 0)
            {
                return; // the end, or an error: nobody is left to answer
            }

            IoResult written = await conn.TryWriteAsync(lease.Memory);
            if (written.Error is not null)
            {
                return;
            }
        }
    }

    private static string BackendName(BackendKind kind) => kind switch
    {
        BackendKind.Epoll => "epoll",
        _ => kind.ToString(),
    };
}
