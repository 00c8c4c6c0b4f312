using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

public class S10AcceptErrors
{
    private const int InARow = 10;

    // Not EAGAIN: with a connection in the queue the kernel does not say so, and whoever is told by edges must believe it.
    private static readonly string[] s_errors = ["ECONNABORTED", "EPROTO", "EPERM", "ENOBUFS", "ENOMEM", "EINTR"];

    [Scenario(10, "Errors of accept", Needs = "strace"), ClassData(typeof(Backends))]
    public Task The_listener_lives_and_the_next_client_is_served(BackendKind backend)
    {
        string[] errors = Scale.Full ? s_errors : ["ECONNABORTED", "ENOBUFS"];
        return Row.RunAsync(backend, $"accept4 fails {InARow} times in a row, with each of {string.Join(", ", errors)}", async row =>
        {
            int worst = 0;
            foreach (string error in errors)
            {
                await using EngineProcess engine = EngineProcess.Start(
                    "echo", "--listen", "127.0.0.1:0", "--loops", "1", "--backend", Backends.NameOf(backend));
                await engine.WaitReadyAsync();
                using Client early = await Client.ConnectAsync(engine.EndPoint);
                await early.EchoAsync();
                Footprint before = Footprint.Of(engine);
                long injected;
                Tracer tracer = await Tracer.AttachAsync(engine.Id, "accept4", $"error={error}:when=1..{InARow}");
                await using (tracer)
                {
                    Client[] clients = await Client.ConnectAsync(engine.EndPoint, 20);
                    long start = Stopwatch.GetTimestamp();
                    await Task.WhenAll(clients.Select(c => c.EchoAsync()));
                    row.Measure($"{error}: all 20 clients served after, s", Stopwatch.GetElapsedTime(start).TotalSeconds, most: error is "ECONNABORTED" or "EINTR" ? 1 : 5);
                    Array.ForEach(clients, c => c.Dispose());
                    injected = (await tracer.DetachAsync()).Injected;
                }

                long late = Stopwatch.GetTimestamp();
                using Client next = await Client.ConnectAsync(engine.EndPoint);
                await next.EchoAsync();
                row.Measure($"{error}: the next one, s", Stopwatch.GetElapsedTime(late).TotalSeconds, most: 1);
                row.Measure($"{error}: injected", injected, least: InARow);
                await early.EchoAsync();
                next.Dispose();
                worst = Math.Max(worst, Footprint.Of(engine).Descriptors - before.Descriptors);
            }

            row.Measure("descriptors left over", worst, most: 2);
        });
    }
}
