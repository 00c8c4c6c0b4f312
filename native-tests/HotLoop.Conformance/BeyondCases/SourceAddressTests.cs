using System.Net;
using HotLoop.TestKit;
using HotLoop.TestKit.Networks;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Dials from a fixed source address, whose port the kernel chooses (IP_BIND_ADDRESS_NO_PORT in ip(7)).</summary>
public class SourceAddressTests
{
    private const int Ports = 20;

    [NamespaceTheory, ClassData(typeof(Backends))]
    public async Task Connections_to_different_peers_can_have_the_same_port(BackendKind backend)
    {
        using NetworkNamespace space = new(backend);
        await space.Run(async () =>
        {
            RouteMessage.SetLoopback(up: true);
            File.WriteAllText("/proc/sys/net/ipv4/ip_local_port_range", $"40000 {40000 + Ports - 1}"); // of this namespace
            ListenConfig config = new() { Loops = space.Loops };
            Dialer dialer = new() { Loops = space.Loops, LocalAddress = new NetAddress("tcp", IPAddress.Loopback, 0) };
            List<Conn> clients = [];
            foreach (string peer in new[] { "127.0.0.2:5000", "127.0.0.3:5000" })
            {
                using Listener listener = config.Listen("tcp", peer);
                for (int i = 0; i < Ports; i++)
                {
                    clients.Add(await dialer.DialAsync("tcp", peer));
                }
            }

            Assert.All(clients.GroupBy(c => c.LocalAddress.Port), sharing => Assert.Equal(2, sharing.Count()));
            clients.ForEach(c => c.Dispose());
        });
    }
}
