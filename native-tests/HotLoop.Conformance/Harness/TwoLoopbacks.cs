using System.Net;
using System.Net.Sockets;

namespace HotLoop.Conformance;

/// <summary>A host with two addresses, ::1 and 127.0.0.1, and one port of it.</summary>
/// <param name="Address">For dialers that <see cref="Dialer"/> has made: the host by its name.</param>
/// <param name="IPv6">The listener there, if there is one.</param>
/// <param name="IPv4">The listener there, if there is one.</param>
public sealed record TwoLoopbacks(string Address, Listener? IPv6, Listener? IPv4)
{
    private const int Attempts = 10;

    public static async Task<TwoLoopbacks> Make(Scenario t, LoopbackAnswer ipv6, LoopbackAnswer ipv4)
    {
        for (int i = 1; ; i++)
        {
            try
            {
                (Listener? first, int port) = await Open(t, IPAddress.IPv6Loopback, 0, ipv6);
                (Listener? second, _) = await Open(t, IPAddress.Loopback, port, ipv4);
                return new TwoLoopbacks($"two.example:{port}", first, second);
            }
            catch (Exception e) when (i < Attempts && e is OpError or SocketException)
            {
                // Somebody else has the port on the other address.
            }
        }
    }

    /// <summary>Looks up every name as ::1 and 127.0.0.1.</summary>
    public static Dialer Dialer(Scenario t, TimeSpan fallbackDelay = default, TimeSpan? timeout = null, SocketControl? control = null) =>
        new()
        {
            Loops = t.Loops,
            FallbackDelay = fallbackDelay,
            Timeout = timeout,
            Control = control,
            Resolver = static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]),
        };

    private static async Task<(Listener? Listener, int Port)> Open(Scenario t, IPAddress ip, int port, LoopbackAnswer answer)
    {
        IPEndPoint endPoint = new(ip, port);
        if (answer == LoopbackAnswer.Refuses)
        {
            Socket socket = t.Own(new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
            socket.Bind(endPoint);
            return (null, ((IPEndPoint)socket.LocalEndPoint!).Port);
        }

        Listener listener = t.Listen("tcp", endPoint.ToString(), backlog: answer == LoopbackAnswer.Hangs ? 1 : 0);
        if (answer == LoopbackAnswer.Hangs)
        {
            _ = await t.Dial(listener);
            _ = await t.Dial(listener);
        }

        return (listener, listener.Address.Port);
    }
}
