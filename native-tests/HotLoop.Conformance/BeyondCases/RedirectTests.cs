using System.Diagnostics;
using System.Net.Sockets;
using HotLoop.TestKit;
using HotLoop.TestKit.Networks;

namespace HotLoop.Conformance.BeyondCases;

/// <summary>Connections that the kernel hands to a listener on another address than the one that was dialed (TPROXY, IP_TRANSPARENT in ip(7)).</summary>
public class RedirectTests
{
    private const int IpTransparent = 19;

    [RedirectTheory, ClassData(typeof(Backends))]
    public async Task The_local_address_is_the_one_that_was_dialed(BackendKind backend)
    {
        using NetworkNamespace space = new(backend);
        await space.Run(async () =>
        {
            RouteMessage.SetLoopback(up: true);
            ListenConfig config = new()
            {
                Loops = space.Loops,
                Control = (_, _, fd) =>
                {
                    using SafeSocketHandle handle = new(fd, ownsHandle: false);
                    using Socket socket = new(handle);
                    socket.SetRawSocketOption(0, IpTransparent, BitConverter.GetBytes(1));
                },
            };
            using Listener listener = config.Listen("tcp", "127.0.0.1:0");
            Redirect(listener.Address.Port);
            using Conn client = await new Dialer { Loops = space.Loops, Timeout = TimeSpan.FromSeconds(5) }.DialAsync("tcp", "10.9.0.7:80");
            using Conn accepted = await listener.AcceptAsync();
            Assert.Equal("10.9.0.7:80", accepted.LocalAddress.ToString());
            Assert.Equal(client.LocalAddress, accepted.RemoteAddress);
            accepted.Close();
            Assert.Equal("10.9.0.7:80", accepted.LocalAddress.ToString());
        });
    }

    // What goes to 10.9.0.0/24 is marked and so routed to the loopback interface, where it comes in and is given to the listener.
    private static void Redirect(int port)
    {
        Run("ip", "route add 10.9.0.0/24 dev lo");
        Run("ip", "rule add fwmark 1 lookup 100");
        Run("ip", "route add local default dev lo table 100");
        Run("nft", "add table ip t");
        Run("nft", "add chain ip t out { type route hook output priority -150 ; }");
        Run("nft", "add rule ip t out ip daddr 10.9.0.0/24 meta mark set 1");
        Run("nft", "add chain ip t in { type filter hook prerouting priority -150 ; }");
        Run("nft", $"add rule ip t in ip daddr 10.9.0.0/24 meta l4proto tcp tproxy to 127.0.0.1:{port} meta mark set 1 accept");
    }

    private static void Run(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {complaint}");
    }
}
