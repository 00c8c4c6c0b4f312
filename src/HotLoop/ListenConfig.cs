using System.Net;
using System.Net.Sockets;
using HotLoop.Conns;
using HotLoop.Naming;
using HotLoop.Sockets;

namespace HotLoop;

/// <summary>How to listen: Go's <c>net.ListenConfig</c>. Immutable; one object may serve many calls.</summary>
public sealed class ListenConfig
{
    /// <summary>
    /// Connections that may wait to be accepted (listen(2)); the kernel queues one more. Default 0: as many as the system allows
    /// (net.core.somaxconn).
    /// </summary>
    public int Backlog { get; init; }

    /// <summary>Keep-alive period of accepted connections. Zero (default): 15 s. Negative: no keep-alive. Rounded up to whole seconds; at most
    /// 32,767 s, which longer ones become. Go: KeepAlive.</summary>
    public TimeSpan KeepAlive { get; init; }

    /// <summary>
    /// Lets other sockets of the same user that ask for it too listen on the same port; the kernel spreads connections over them
    /// (SO_REUSEPORT, socket(7)). Default false: a port that is taken is an error.
    /// </summary>
    public bool ReusePort { get; init; }

    /// <summary>Called with each new socket before it is bound. Null (default): nothing. Go: Control.</summary>
    public SocketControl? Control { get; init; }

    /// <summary>The loops that accepted connections are spread over. Null (default): <see cref="LoopGroup.Default"/>.</summary>
    public LoopGroup? Loops { get; init; }

    /// <summary>Listens for connections. Go: ListenConfig.Listen.</summary>
    /// <param name="network">"tcp" (IPv4 and IPv6), "tcp4", "tcp6", "unix" or "unixpacket".</param>
    /// <param name="address">
    /// "host:port". Without a host, or with a wildcard, all addresses of the machine; port 0 or none: a free one. A host name is looked
    /// up, which blocks the caller. For Unix sockets a path, which must not exist, or "@" and an abstract name; empty: an abstract name of
    /// the kernel's choice.
    /// </param>
    /// <exception cref="OpError">The address is malformed, taken or not ours.</exception>
    public Listener Listen(string network, string address) => Open(Parse(network, address, connections: true));

    /// <summary>Listens for connections, without a text to take apart. Go: net.ListenTCP, net.ListenUnix.</summary>
    /// <param name="endPoint">
    /// An <see cref="IPEndPoint"/>, where <see cref="IPAddress.Any"/> means all IPv4 addresses of the machine, and
    /// <see cref="IPAddress.IPv6Any"/> those of both families; a <see cref="DnsEndPoint"/>, whose family, if it has one, makes the network
    /// "tcp4" or "tcp6", and whose host is looked up, which blocks the caller; or a <see cref="UnixDomainSocketEndPoint"/>.
    /// </param>
    /// <exception cref="ArgumentException">The end point is of another type.</exception>
    /// <exception cref="OpError">The address is taken or not ours.</exception>
    public Listener Listen(EndPoint endPoint) => Open(Target.Of(endPoint, connections: true));

    /// <summary>As <see cref="Listen(string, string)"/>; a host name is looked up without blocking. Go: ListenConfig.Listen.</summary>
    /// <param name="network">As <see cref="Listen(string, string)"/>.</param>
    /// <param name="address">As <see cref="Listen(string, string)"/>.</param>
    /// <param name="cancellationToken">Ends the look-up; without one it has no effect, as in Go.</param>
    /// <exception cref="OpError">As <see cref="Listen(string, string)"/>.</exception>
    public async Task<Listener> ListenAsync(string network, string address, CancellationToken cancellationToken = default)
    {
        Target target = Parse(network, address, connections: true);
        return await OpenAsync(target, cancellationToken);
    }

    /// <summary>As <see cref="Listen(EndPoint)"/>; a host name is looked up without blocking. Go: net.ListenTCP, net.ListenUnix.</summary>
    /// <param name="endPoint">As <see cref="Listen(EndPoint)"/>.</param>
    /// <param name="cancellationToken">Ends the look-up; without one it has no effect, as in Go.</param>
    /// <exception cref="ArgumentException">The end point is of another type.</exception>
    /// <exception cref="OpError">As <see cref="Listen(EndPoint)"/>.</exception>
    public Task<Listener> ListenAsync(EndPoint endPoint, CancellationToken cancellationToken = default) =>
        OpenAsync(Target.Of(endPoint, connections: true), cancellationToken);

    /// <summary>Waits for datagrams. Go: ListenConfig.ListenPacket.</summary>
    /// <param name="network">"udp" (IPv4 and IPv6), "udp4", "udp6" or "unixgram".</param>
    /// <param name="address">As <see cref="Listen(string, string)"/>.</param>
    /// <returns>A socket without a fixed peer. It lives on the calling loop if that is one of <see cref="Loops"/>.</returns>
    /// <exception cref="OpError">The address is malformed, taken or not ours.</exception>
    public PacketConn ListenPacket(string network, string address) => OpenPacket(Parse(network, address, connections: false));

    /// <summary>Waits for datagrams. Go: net.ListenUDP, net.ListenUnixgram.</summary>
    /// <param name="endPoint">As <see cref="Listen(EndPoint)"/>, of networks "udp", "udp4", "udp6" and "unixgram".</param>
    /// <returns>A socket without a fixed peer. It lives on the calling loop if that is one of <see cref="Loops"/>.</returns>
    /// <exception cref="ArgumentException">The end point is of another type.</exception>
    /// <exception cref="OpError">The address is taken or not ours.</exception>
    public PacketConn ListenPacket(EndPoint endPoint) => OpenPacket(Target.Of(endPoint, connections: false));

    /// <summary>The endpoint that <paramref name="target"/> means: for a name with several, the first IPv4 one.</summary>
    internal static Endpoint Resolve(in Target target) => Choose(target.Network, Resolver.Resolve("listen", target));

    internal static Target Parse(string network, string address, bool connections)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(address);
        return Target.Parse("listen", NetworkNames.Require("listen", network, address, connections), address);
    }

    /// <param name="network">Of the listener.</param>
    /// <param name="endpoint">Where.</param>
    /// <param name="sharing">Of the port.</param>
    /// <param name="home">The loop that watches the listener.</param>
    /// <param name="spread">Where accepted connections go; null: to <paramref name="home"/>.</param>
    internal Listener Open(Network network, in Endpoint endpoint, PortSharing sharing, Loop home, LoopGroup? spread)
    {
        int fd = OpenSocket(network, endpoint, sharing);
        Listener listener = Listener.Adopt(fd, network, home, spread, ownsPath: true);
        if (Control is not null)
        {
            listener.Share();
        }

        return listener;
    }

    private PacketConn OpenPacket(in Target target)
    {
        Endpoint endpoint = Resolve(target);
        Loop loop = (Loops ?? LoopGroup.Default).Choose(); // may fail: before there is a descriptor
        int fd = OpenSocket(target.Network, endpoint, ReusePort ? PortSharing.Open : PortSharing.None);
        Conn conn = ConnFactory.Adopt(fd, target.Network, peer: null, loop);
        if (Control is not null)
        {
            _ = conn.Handle.TryShare();
        }

        return new PacketConn(conn);
    }

    private Listener Open(in Target target) => Open(target.Network, Resolve(target));

    private async Task<Listener> OpenAsync(Target target, CancellationToken cancellationToken) =>
        Open(target.Network, Choose(target.Network, await Resolver.ResolveAsync("listen", target, null, cancellationToken)));

    private Listener Open(Network network, in Endpoint endpoint)
    {
        LoopGroup group = Loops ?? LoopGroup.Default;
        return Open(network, endpoint, ReusePort ? PortSharing.Open : PortSharing.None, group.Choose(), group);
    }

    private int OpenSocket(Network network, in Endpoint endpoint, PortSharing sharing)
    {
        SocketRequest request = new(network, KeepAlive, Control) { Backlog = Backlog, Sharing = sharing };
        int fd;
        string call;
        try
        {
            fd = SocketFactory.Listen(request, endpoint, out call);
        }
        catch (ControlException e)
        {
            throw OpError.FromControl("listen", network.Name, null, endpoint.Shown, e.InnerException!);
        }

        return fd >= 0 ? fd : throw OpError.FromCode("listen", network.Name, null, endpoint.Shown, fd, call);
    }

    private static Endpoint Choose(Network network, in Resolver.Resolution resolution)
    {
        if (resolution.Error is not null)
        {
            throw OpError.FromText("listen", network.Name, null, null, resolution.Kind, resolution.Error);
        }

        foreach (Endpoint endpoint in resolution.Endpoints)
        {
            if (endpoint.Raw.IsIPv4)
            {
                return endpoint;
            }
        }

        return resolution.Endpoints[0];
    }
}
