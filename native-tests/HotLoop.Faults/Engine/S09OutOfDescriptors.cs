using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

public class S09OutOfDescriptors
{
    private const int Free = 50;
    private const int Windows = 5;

    [Scenario(9, "Out of descriptors at accept", Brief = true), ClassData(typeof(Backends))]
    public Task Those_served_go_on_and_the_others_wait(BackendKind backend)
    {
        int count = Scale.Of(full: 500, brief: 200);
        return Row.RunAsync(backend, $"{count} clients, {Free} descriptors left", async row =>
        {
            await using EngineProcess engine = EngineProcess.Start(
                "echo", "--listen", "127.0.0.1:0", "--loops", "1", "--backend", Backends.NameOf(backend));
            await engine.WaitReadyAsync();
            Client early = await Client.ConnectAsync(engine.EndPoint);
            await early.EchoAsync();
            Descriptors.Leave(engine.Id, Free);
            Client[] clients = await Client.ConnectAsync(engine.EndPoint, count);
            await engine.Errors.FindAsync(line => line.Contains("too many open files", StringComparison.Ordinal));

            // The quietest of some windows: whoever spins does so in all of them.
            double rest = double.PositiveInfinity;
            for (int i = 0; i < Windows; i++)
            {
                TimeSpan cpu = engine.ProcessorTime;
                long start = Stopwatch.GetTimestamp();
                await Task.Delay(Scale.Of(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5))); // what it does meanwhile is measured
                rest = Math.Min(rest, (engine.ProcessorTime - cpu).TotalSeconds * 100 / Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            row.Measure("% of a core while it waits", rest, most: 5);
            row.Measure("lines of log", engine.Errors.SoFar.Length, most: 1);
            await early.EchoAsync();

            // In the order they came, each leaves once it is served.
            Stopwatch watch = Stopwatch.StartNew();
            foreach (Client client in clients)
            {
                await client.EchoAsync();
                client.Dispose();
            }

            row.Measure("longest wait once descriptors are free, s", watch.Elapsed.TotalSeconds, most: 10);
            early.Dispose();
            long freed = Stopwatch.GetTimestamp();
            using Client late = await Client.ConnectAsync(engine.EndPoint);
            await late.EchoAsync();
            row.Measure("accepts again after, s", Stopwatch.GetElapsedTime(freed).TotalSeconds, most: 1);
        });
    }
}
