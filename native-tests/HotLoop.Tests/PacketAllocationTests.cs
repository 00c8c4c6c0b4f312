using HotLoop.TestKit;

namespace HotLoop.Tests;

/// <summary>
/// Datagrams to and from one peer allocate nothing on a loop, whichever form is called, in Release and in Debug. What is counted, and
/// why in windows, is as in <see cref="AllocationTests"/>.
/// </summary>
public sealed class PacketAllocationTests() : BackendTests(1)
{
    private const int Operations = 20_000;

    private readonly TemporaryDirectory _directory = new();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _directory.Dispose();
    }

    [Theory, ClassData(typeof(Backends))]
    public Task Over_UDP(BackendKind backend) => AllocatesNothing(backend, "udp", "127.0.0.1:0", "127.0.0.1:0");

    [Theory, ClassData(typeof(Backends))]
    public Task Over_UDP_between_an_IPv4_socket_and_one_of_both_families(BackendKind backend) => AllocatesNothing(backend, "udp", "127.0.0.1:0", ":0");

    [Theory, ClassData(typeof(Backends))]
    public Task Over_UDP_to_an_address_with_a_zone(BackendKind backend) => AllocatesNothing(backend, "udp", "[::1]:0", "[::1]:0", zone: "lo");

    [Theory, ClassData(typeof(Backends))]
    public Task Over_Unix_sockets(BackendKind backend) => AllocatesNothing(backend, "unixgram", _directory.File("a"), _directory.File("b"));

    [Theory, ClassData(typeof(Backends))]
    public async Task A_burst_that_outlasts_its_turn_allocates_nothing(BackendKind backend)
    {
        Use(backend);
        using PacketConn sender = new ListenConfig { Loops = Group }.ListenPacket("udp", "127.0.0.1:0");
        using PacketConn silent = new ListenConfig { Loops = Group }.ListenPacket("udp", "127.0.0.1:0");
        await Group.Loops[0].SwitchTo();
        Assert.Equal(0, await FewestBytes(() => BytesOfBurst(sender, silent.LocalAddress)));
    }

    private async Task AllocatesNothing(BackendKind backend, string network, string clientAddress, string serverAddress, string? zone = null)
    {
        Use(backend);
        ListenConfig config = new() { Loops = Group };
        using PacketConn client = config.ListenPacket(network, clientAddress);
        using PacketConn server = config.ListenPacket(network, serverAddress);
        NetAddress to = server.LocalAddress.Path is null
            ? new NetAddress(network, client.LocalAddress.Ip, server.LocalAddress.Port, zone)
            : server.LocalAddress;

        await Group.Loops[0].SwitchTo();
        Task echo = Echo(server);
        long fewest = await FewestBytes(() => BytesOfRoundTrips(client, to));
        server.Close();
        await echo;
        Assert.Equal(0, fewest);
    }

    private static async Task<long> FewestBytes(Func<Task<long>> window)
    {
        long fewest = long.MaxValue;
        for (int i = 0; i < 4 && fewest > 0; i++)
        {
            fewest = Math.Min(fewest, await window());
        }

        return fewest;
    }

    private static async Task Echo(PacketConn conn)
    {
        byte[] buffer = new byte[64];
        while (true)
        {
            PacketResult read = await conn.TryReadFromAsync(buffer);
            if (read.Error is not null)
            {
                return;
            }

            await conn.TryWriteToAsync(buffer.AsMemory(0, read.Count), read.From!);
        }
    }

    private static async Task<long> BytesOfRoundTrips(PacketConn client, NetAddress to)
    {
        byte[] buffer = new byte[64];

        // Before the window the method has parked once, so that its own state is on the heap already.
        await client.WriteToAsync(buffer, to);
        await client.ReadFromAsync(buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Operations; i++)
        {
            await client.WriteToAsync(buffer, to);
            await client.ReadFromAsync(buffer);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task<long> BytesOfBurst(PacketConn sender, NetAddress to)
    {
        byte[] buffer = new byte[64];
        await Task.Yield(); // as above
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Operations; i++)
        {
            await sender.WriteToAsync(buffer, to);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
