using System.Net.Sockets;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

public class S01DescriptorLeak
{
    private const int Lanes = 16;
    private const int Held = 20;
    private const int CloseOnExec = 0x80000; // O_CLOEXEC, octal 02000000

    [Scenario(1, "Descriptor leak", Brief = true), ClassData(typeof(Backends))]
    public Task Nothing_is_left_of_connections_however_they_end(BackendKind backend)
    {
        int count = Scale.Of(full: 40_000, brief: 3000);
        return Row.RunAsync(backend, $"{count} connections: echoed and closed, closed without a byte, reset, reset with an echo on its way", async row =>
        {
            await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
            await Crowd.RunAsync(1000, Lanes, i => UseAsync(engine, i)); // what is made once is made by now
            using (Client last = await Client.ConnectAsync(engine.EndPoint))
            {
                await last.EchoAsync();
            }

            Footprint before = Footprint.Of(engine);
            await using (Probe probe = Probe.Start(engine.EndPoint))
            {
                await Crowd.RunAsync(count, Lanes, i => UseAsync(engine, i));
                Client[] open = await Client.ConnectAsync(engine.EndPoint, Held);
                await Task.WhenAll(open.Select(c => c.EchoAsync()));
                row.Measure("sockets open meanwhile", Descriptors.SocketCount(engine.Id), least: Held);
                row.Measure("descriptors that a child would inherit", Inherited(engine.Id), most: 0);
                Array.ForEach(open, c => c.Dispose());
                row.Measure("failures of the probe", probe.Failures, most: 0);
            }

            await before.SettleAsync(engine, row);
            row.Measure("lines on standard error", engine.Errors.SoFar.Length, most: 0);
        });
    }

    private static async Task UseAsync(EngineProcess engine, int number)
    {
        Socket socket = await Crowd.ConnectAsync(engine.EndPoint);
        byte[] message = new byte[64];
        switch (number % 4)
        {
            case 0:
                await socket.SendAsync(message);
                await socket.ReceiveAsync(message);
                socket.Dispose();
                break;
            case 1:
                socket.Dispose();
                break;
            case 2:
                Crowd.Reset(socket);
                break;
            default:
                await socket.SendAsync(message);
                Crowd.Reset(socket);
                break;
        }
    }

    // Sockets, pollers and eventfds: files and pipes may come from whoever started the engine.
    private static int Inherited(int process) => Directory.EnumerateFiles($"/proc/{process}/fdinfo").Count(file =>
    {
        try
        {
            string flags = File.ReadLines(file).First(l => l.StartsWith("flags:", StringComparison.Ordinal));
            string target = File.ResolveLinkTarget($"/proc/{process}/fd/{Path.GetFileName(file)}", returnFinalTarget: false)!.Name;
            bool isOwn = target.StartsWith("socket:", StringComparison.Ordinal) || target.StartsWith("anon_inode:", StringComparison.Ordinal);
            return isOwn && (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExec) == 0;
        }
        catch (IOException)
        {
            return false; // closed meanwhile
        }
    });
}
