using System.Net.Sockets;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

public class S16ResetStorm
{
    private const int Lanes = 16;

    [Scenario(16, "Reset storm", Brief = true), ClassData(typeof(Backends))]
    public Task Nobody_else_notices_and_nothing_is_said(BackendKind backend)
    {
        int count = Scale.Of(full: 30_000, brief: 2000);
        return Row.RunAsync(backend, $"{count} resets: before the accept, in the middle of a read, in the middle of a write", async row =>
        {
            await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
            await Crowd.RunAsync(500, Lanes, i => UseAsync(engine, i));
            Footprint before = Footprint.Of(engine);
            Probe probe = Probe.Start(engine.EndPoint);
            await using (probe)
            {
                await Crowd.RunAsync(count, Lanes, i => UseAsync(engine, i));
            }

            row.Measure("failures of the probe", probe.Failures, most: 0);
            row.Measure("the probe's longest, ms", probe.Max, most: 1000);
            row.Measure("lines on standard error", engine.Errors.SoFar.Length, most: 0);
            await before.SettleAsync(engine, row);
        });
    }

    private static async Task UseAsync(EngineProcess engine, int number)
    {
        Socket socket = await Crowd.ConnectAsync(engine.EndPoint);
        switch (number % 3)
        {
            case 0:
                break; // mostly still in the queue
            case 1:
                byte[] message = new byte[64];
                await socket.SendAsync(message);
                await socket.ReceiveAsync(message);
                await socket.SendAsync(message.AsMemory(0, 5));
                break;
            default:
                await socket.SendAsync(new byte[256 * 1024]); // whose echo nobody reads
                break;
        }

        Crowd.Reset(socket);
    }
}
