using System.Net.Sockets;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>
/// The kernel's memory is bounded by the number of peers and their buffers. 1,000 fill the 2.2 GiB that it has for TCP on a machine of 24 GiB: it then drops what
/// arrives, resets too, and of some peers the server learns only when its next repetition is due.
/// </summary>
public class S17PeersDoNotRead
{
    private const int PeerBufferBytes = 64 * 1024;
    private const int PerPeerKiB = 64 + 16;
    private const int BaseMiB = 64;

    private static readonly int s_filling = Scale.Of(full: 10, brief: 1);

    [Scenario(17, "Peers that do not read", Brief = true), ClassData(typeof(Backends))]
    public Task Memory_is_bounded_and_others_are_served(BackendKind backend)
    {
        int count = Scale.Of(full: 500, brief: 100);
        int time = Scale.Of(full: 50, brief: 1);
        return Row.RunAsync(backend, $"{count} peers with buffers of 64 KiB send as much as goes and read nothing, for {s_filling + time} s", async row =>
        {
            await using EngineProcess engine = await EngineProcess.EchoAsync("--backend", Backends.NameOf(backend));
            using (Client warm = await Client.ConnectAsync(engine.EndPoint))
            {
                await warm.EchoAsync();
            }

            Footprint before = Footprint.Of(engine);
            List<Socket> peers = [];
            List<Task> sending = [];
            Task<ProbeCounts> filling = ProbesProgram.StartAsync(engine, s_filling);
            for (int i = 0; i < count; i++)
            {
                Socket peer = await Crowd.ConnectAsync(engine.EndPoint, PeerBufferBytes);
                peers.Add(peer);
                sending.Add(FloodAsync(peer));
            }

            Note(row, "while buffers fill", await filling, longest: 1000);
            Note(row, "once they are full", await ProbesProgram.StartAsync(engine, time), longest: Scale.Of(full: 50, brief: 1000)); // brief runs have other tests beside them
            row.Measure("memory of the server grew, MiB", (engine.ResidentBytes - before.RssBytes) / 1048576.0, most: (count * PerPeerKiB / 1024.0) + BaseMiB);
            row.Measure("peers that are stuck", sending.Count(s => !s.IsCompleted), least: count);
            peers.ForEach(Crowd.Reset);
            await Task.WhenAll(sending);
            await before.SettleAsync(engine, row);
        });
    }

    private static void Note(Row row, string when, ProbeCounts probes, double longest)
    {
        row.Measure($"{when}: probes", probes.Started, least: 10);
        row.Measure($"{when}: that succeed, %", probes.SucceededPercent, least: 100);
        row.Measure($"{when}: longest, ms", probes.LongestMs, most: longest);
    }

    private static async Task FloodAsync(Socket peer)
    {
        byte[] bytes = new byte[64 * 1024];
        try
        {
            while (true)
            {
                await peer.SendAsync(bytes);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the scenario.
        }
    }
}
