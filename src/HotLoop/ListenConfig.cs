using HotLoop.Native;
using HotLoop.Native.Linux;
using HotLoop.Serving;
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

    /// <summary>Keep-alive period of accepted connections. Zero (default): 15 s. Negative: no keep-alive.</summary>
    public TimeSpan KeepAlive { get; init; }

    /// <summary>
    /// Lets other sockets of the same user that ask for it too listen on the same port; the kernel spreads connections over them
    /// (SO_REUSEPORT, socket(7)). Default false: a port that is taken is an error.
    /// </summary>
    public bool ReusePort { get; init; }

    /// <summary>The loops that accepted connections are spread over. Null (default): <see cref="LoopGroup.Default"/>.</summary>
    public LoopGroup? Loops { get; init; }

    /// <summary>Listens. Go: ListenConfig.Listen.</summary>
    /// <param name="network">"tcp" (IPv4 and IPv6), "tcp4" or "tcp6".</param>
    /// <param name="address">
    /// "host:port". Without a host, or with a wildcard, all addresses of the machine; port 0 or none: a free one. A host name is looked
    /// up, which blocks the caller.
    /// </param>
    /// <exception cref="OpError">The address is malformed, taken or not ours.</exception>
    public Listener Listen(string network, string address)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(address);
        LoopGroup group = Loops ?? LoopGroup.Default;
        TcpEndpoint endpoint = Resolve(network, address);
        return Open(network, endpoint, ReusePort ? PortSharing.Open : PortSharing.None, group.Choose(), group);
    }

    /// <summary>The endpoint that <paramref name="address"/> means: for a name with several, the first IPv4 one.</summary>
    internal static TcpEndpoint Resolve(string network, string address)
    {
        Resolver.Resolution resolution = Resolver.Resolve("listen", network, address);
        if (resolution.Error is not null)
        {
            throw OpError.FromText("listen", network, null, null, resolution.Kind, resolution.Error);
        }

        foreach (TcpEndpoint endpoint in resolution.Endpoints)
        {
            if (endpoint.Raw.IsIPv4)
            {
                return endpoint;
            }
        }

        return resolution.Endpoints[0];
    }

    /// <param name="network">As <see cref="Listen"/>.</param>
    /// <param name="endpoint">Where.</param>
    /// <param name="sharing">Of the port.</param>
    /// <param name="home">The loop that watches the listener.</param>
    /// <param name="spread">Where accepted connections go; null: to <paramref name="home"/>.</param>
    internal Listener Open(string network, in TcpEndpoint endpoint, PortSharing sharing, Loop home, LoopGroup? spread)
    {
        int fd = TcpSocket.Listen(network, endpoint, Backlog, KeepAlive, sharing, out string call);
        if (fd < 0)
        {
            throw OpError.FromCode("listen", network, null, endpoint.Shown, fd, call);
        }

        _ = Syscall.LocalAddress(fd, out RawAddress bound);
        SocketFd socket = home.Thread.Sockets.Open(fd, static socket => new AcceptSlot(socket), out uint generation);
        return new Listener(socket, generation, TcpEndpoint.ToNetAddress(bound), home, spread);
    }
}
