using System.Diagnostics;
using System.Net.Sockets;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

public class S19IdleMass
{
    private const int Lanes = 16;

    [Scenario(19, "Idle mass"), ClassData(typeof(Backends))]
    public Task They_cost_little_and_go_quickly(BackendKind backend)
    {
        int count = Scale.Of(full: 19_000, brief: 2000);
        TimeSpan time = Scale.Of(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(1));
        return Row.RunAsync(backend, $"{count} connections that were echoed on once, idle for {time.TotalSeconds:0} s", async row =>
        {
            await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
            Socket[] few = await ConnectAsync(engine, 1000); // what is compiled and made once is there by now
            double alone = await MedianAsync(engine);
            Footprint before = Footprint.Of(engine);
            Socket[] idle = await ConnectAsync(engine, count - few.Length);
            row.Measure("user memory each, bytes", (double)(engine.ResidentBytes - before.RssBytes) / idle.Length, most: 4096);

            TimeSpan cpu = engine.ProcessorTime;
            long start = Stopwatch.GetTimestamp();
            await Task.Delay(time); // what it costs meanwhile is measured
            row.Measure("% of a core", (engine.ProcessorTime - cpu).TotalSeconds * 100 / Stopwatch.GetElapsedTime(start).TotalSeconds, most: 1);
            row.Measure("the probe's p50, to that without them", await MedianAsync(engine) / alone, most: 2);

            long closing = Stopwatch.GetTimestamp();
            Array.ForEach(idle, s => s.Dispose());
            await before.SettleAsync(engine, row);
            row.Measure("settled after, s", Stopwatch.GetElapsedTime(closing).TotalSeconds, most: 10);
            Array.ForEach(few, s => s.Dispose());
        });
    }

    private static async Task<Socket[]> ConnectAsync(EngineProcess engine, int count)
    {
        Socket[] sockets = new Socket[count];
        await Crowd.RunAsync(count, Lanes, async i =>
        {
            sockets[i - 1] = await Crowd.ConnectAsync(engine.EndPoint);
            byte[] message = new byte[64];
            await sockets[i - 1].SendAsync(message);
            await sockets[i - 1].ReceiveAsync(message);
        });
        return sockets;
    }

    private static async Task<double> MedianAsync(EngineProcess engine)
    {
        Probe probe = Probe.Start(engine.EndPoint);
        await using (probe)
        {
            await Task.Delay(Scale.Of(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500))); // some twenty of its connections
        }

        return probe.Milliseconds.Order().ElementAt(probe.Milliseconds.Count / 2);
    }
}
