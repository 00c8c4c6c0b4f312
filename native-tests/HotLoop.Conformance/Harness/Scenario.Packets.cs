using System.Text.Json;

namespace HotLoop.Conformance;

/// <content>Datagram sockets.</content>
public sealed partial class Scenario
{
    public PacketConn ListenPacket(string network = "udp", string address = "127.0.0.1:0") =>
        Own(new ListenConfig { Loops = Loops }.ListenPacket(network, address));

    public async Task<PacketConn> DialPacket(string address, string network = "udp", NetAddress? local = null) =>
        Own(await Dialer(local: local).DialPacketAsync(network, address));

    /// <summary>A receiver, and a sender whose fixed peer it is.</summary>
    public async Task<(PacketConn Receiver, PacketConn Sender)> PacketPair()
    {
        PacketConn receiver = ListenPacket();
        return (receiver, await DialPacket(receiver.LocalAddress.ToString()));
    }

    /// <summary>A UDP address that refuses: its socket takes datagrams of one other address only.</summary>
    public async Task<string> RefusingPacketAddress() => (await DialPacket("127.0.0.1:9")).LocalAddress.ToString();

    /// <summary>The receive of a datagram: count, error, and the sender where Go's case shows it.</summary>
    public void Check(string id, PacketResult result)
    {
        Check(id, new IoResult(result.Count, result.Error));
        CheckSender(id, result.From);
    }

    /// <summary>As for a connection.</summary>
    public Task<PacketConn?> Check(string id, Task<PacketConn> dial) => CheckMade(id, dial, c => (c.LocalAddress, c.RemoteAddress));

    public static ValueTask<PacketResult> ReadFrom(PacketConn conn, int size = 64) => conn.TryReadFromAsync(new byte[size]);

    private void CheckSender(string id, NetAddress? from)
    {
        JsonElement extra = GoCases.Get(id).Extra;
        if (extra.ValueKind == JsonValueKind.Object && extra.TryGetProperty("from", out _))
        {
            CheckExtra(id, "from", from is null ? "<nil>" : Normalize(from.ToString()));
        }
    }
}
