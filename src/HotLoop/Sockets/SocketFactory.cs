using HotLoop.Naming;
using HotLoop.Native;

namespace HotLoop.Sockets;

/// <summary>Makes sockets. Results are a descriptor or -errno, with the name of the call that failed.</summary>
internal static class SocketFactory
{
    private const int ListenTries = 20;

    /// <summary>A listening socket, or one that waits for datagrams.</summary>
    internal static int Listen(in SocketRequest request, in Endpoint endpoint, out string call)
    {
        // A listen(2) that fails because the port is taken looks, while it lasts, as if it had the port: two at the same moment refuse each
        // other, and one refuses further sockets of the port's owner. Whoever finds the port really taken is told by bind(2) at the next try.
        int result = ListenOnce(request, endpoint, out call);
        for (int i = 1; i < ListenTries && result == -Errno.EADDRINUSE && (call == "listen" || request.Sharing == PortSharing.Open); i++)
        {
            SpinWait spin = default;
            for (int turns = Random.Shared.Next(1, 10); turns > 0; turns--)
            {
                spin.SpinOnce(sleep1Threshold: -1); // yields, but never sleeps
            }

            result = ListenOnce(request, endpoint, out call);
        }

        return result;
    }

    /// <summary>A socket that can be connected to <paramref name="remote"/>.</summary>
    internal static int ForDial(in SocketRequest request, in Endpoint remote, Endpoint? local, out SocketFamily family, out string call)
    {
        Network network = request.Network;
        call = "socket";
        bool localIsIPv6 = local is { Raw.Length: 16 };
        family = network.IsUnix ? SocketFamily.Unix
            : remote.Raw.Length == 16 || (!remote.HasHost && (network.IsIPv6Only || localIsIPv6)) ? SocketFamily.IPv6
            : SocketFamily.IPv4;
        int fd = Kernel.Current.Socket(family, network.Kind);
        if (fd < 0)
        {
            return fd;
        }

        if (network.IsTcp)
        {
            SocketOptions.ApplyDefaults(fd, request.KeepAlive);
        }

        int result = SetBroadcast(fd, network);
        if (network.IsTcp && local is { Raw.Port: 0 })
        {
            // The port is chosen when the peer is known: then connections to different peers can have the same one.
            _ = Kernel.Current.SetOption(fd, SocketOption.BindWithoutPort, 1);
        }

        RunControl(fd, request, family, remote.Shown);
        if (local is { } from)
        {
            call = "bind";
            result = from.Bind(fd, family);
        }

        return KeepOrClose(fd, result);
    }

    private static int ListenOnce(in SocketRequest request, in Endpoint endpoint, out string call)
    {
        int fd = SocketFor(request.Network, endpoint, out SocketFamily family, out bool dual, out call);
        if (fd < 0)
        {
            return fd;
        }

        // A wildcard of one family becomes that of both.
        Endpoint own = dual ? Endpoint.WithoutHost(request.Network.Plain, endpoint.Raw.Port) : endpoint;
        int result = Configure(fd, request, family, dual, out call);
        if (result >= 0)
        {
            RunControl(fd, request, family, endpoint.Shown);
            call = "bind";
            result = own.Bind(fd, family);
        }

        if (result >= 0 && request.Network.HasConnections)
        {
            result = StartListening(fd, request, out call);
        }

        return KeepOrClose(fd, result);
    }

    private static int SocketFor(Network network, in Endpoint endpoint, out SocketFamily family, out bool dual, out string call)
    {
        call = "socket";
        dual = network.IsAnyIP && endpoint.IsWildcard;
        family = network.IsUnix ? SocketFamily.Unix
            : network.IsIPv4Only || (endpoint.Raw.IsIPv4 && !dual) ? SocketFamily.IPv4
            : SocketFamily.IPv6;
        int fd = Kernel.Current.Socket(family, network.Kind);
        if (fd == -Errno.EAFNOSUPPORT && dual)
        {
            family = SocketFamily.IPv4;
            fd = Kernel.Current.Socket(family, network.Kind);
        }

        return fd;
    }

    private static int Configure(int fd, in SocketRequest request, SocketFamily family, bool dual, out string call)
    {
        call = "setsockopt";
        int result = SetBroadcast(fd, request.Network);
        if (result >= 0 && request.Network.IsTcp)
        {
            result = Kernel.Current.SetOption(fd, SocketOption.ReuseAddress, 1);
        }

        if (result >= 0 && family == SocketFamily.IPv6)
        {
            result = Kernel.Current.SetOption(fd, SocketOption.IPv6Only, dual ? 0 : 1);
        }

        if (result >= 0 && request.Sharing == PortSharing.Open)
        {
            result = Kernel.Current.SetOption(fd, SocketOption.SharePort, 1);
        }

        return result;
    }

    private static int StartListening(int fd, in SocketRequest request, out string call)
    {
        if (request.Network.IsTcp)
        {
            SocketOptions.ApplyDefaults(fd, request.KeepAlive);
        }

        call = "listen";
        int result = Kernel.Current.Listen(fd, request.Backlog > 0 ? request.Backlog : Kernel.Current.BacklogMax);

        // Two sockets may be bound to a port while neither listens (SO_REUSEADDR), but only one of them comes to listen without SO_REUSEPORT: that
        // one has the port. From here on it shares it with our own further sockets.
        if (result >= 0 && request.Sharing == PortSharing.FirstOfGroup)
        {
            call = "setsockopt";
            result = Kernel.Current.SetOption(fd, SocketOption.SharePort, 1);
        }

        return result;
    }

    // As Go: broadcasting needs no asking on UDP.
    private static int SetBroadcast(int fd, Network network) =>
        network.Plain == "udp" ? Kernel.Current.SetOption(fd, SocketOption.Broadcast, 1) : 0;

    private static void RunControl(int fd, in SocketRequest request, SocketFamily family, NetAddress address)
    {
        try
        {
            request.Control?.Invoke(request.Network.NameFor(family), address.ToString(), fd);
        }
        catch (Exception e)
        {
            _ = Kernel.Current.Close(fd);
            throw new ControlException(e);
        }
    }

    private static int KeepOrClose(int fd, int result)
    {
        if (result >= 0)
        {
            return fd;
        }

        _ = Kernel.Current.Close(fd);
        return result;
    }
}
