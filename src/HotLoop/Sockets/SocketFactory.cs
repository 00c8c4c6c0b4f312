using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Sockets;

/// <summary>Makes sockets. Results are a descriptor or -errno, with the name of the call that failed.</summary>
internal static class SocketFactory
{
    private static readonly Lazy<int> s_maxBacklog = new(ReadMaxBacklog);

    /// <summary>A listening socket, or one that waits for datagrams.</summary>
    internal static int Listen(in SocketRequest request, in Endpoint endpoint, out string call)
    {
        int fd = SocketFor(request.Network, endpoint, out int family, out bool dual, out call);
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

    /// <summary>A socket that can be connected to <paramref name="remote"/>.</summary>
    internal static int ForDial(in SocketRequest request, in Endpoint remote, Endpoint? local, out int family, out string call)
    {
        Network network = request.Network;
        call = "socket";
        bool localIsIPv6 = local is { Raw.Length: 16 };
        family = network.IsUnix ? LibC.AF_UNIX
            : remote.Raw.Length == 16 || (!remote.HasHost && (network.IsIPv6Only || localIsIPv6)) ? LibC.AF_INET6
            : LibC.AF_INET;
        int fd = Syscall.Socket(family, network.SocketType, 0);
        if (fd < 0)
        {
            return fd;
        }

        if (network.IsTcp)
        {
            SocketOptions.ApplyDefaults(fd, request.KeepAlive);
        }

        int result = SetBroadcast(fd, network);
        RunControl(fd, request, family, remote.Shown);
        if (local is { } from)
        {
            call = "bind";
            result = from.Bind(fd, family);
        }

        return KeepOrClose(fd, result);
    }

    private static int SocketFor(Network network, in Endpoint endpoint, out int family, out bool dual, out string call)
    {
        call = "socket";
        dual = network.IsAnyIP && endpoint.IsWildcard;
        family = network.IsUnix ? LibC.AF_UNIX
            : network.IsIPv4Only || (endpoint.Raw.IsIPv4 && !dual) ? LibC.AF_INET
            : LibC.AF_INET6;
        int fd = Syscall.Socket(family, network.SocketType, 0);
        if (fd == -Errno.EAFNOSUPPORT && dual)
        {
            family = LibC.AF_INET;
            fd = Syscall.Socket(family, network.SocketType, 0);
        }

        return fd;
    }

    private static int Configure(int fd, in SocketRequest request, int family, bool dual, out string call)
    {
        call = "setsockopt";
        int result = SetBroadcast(fd, request.Network);
        if (result >= 0 && request.Network.IsTcp)
        {
            result = Syscall.SetOption(fd, LibC.SOL_SOCKET, LibC.SO_REUSEADDR, 1);
        }

        if (result >= 0 && family == LibC.AF_INET6)
        {
            result = Syscall.SetOption(fd, LibC.IPPROTO_IPV6, LibC.IPV6_V6ONLY, dual ? 0 : 1);
        }

        if (result >= 0 && request.Sharing == PortSharing.Open)
        {
            result = Syscall.SetOption(fd, LibC.SOL_SOCKET, LibC.SO_REUSEPORT, 1);
        }

        return result;
    }

    private static int StartListening(int fd, in SocketRequest request, out string call)
    {
        // Bound without SO_REUSEPORT, the port was nobody else's; from here on it is shared with our own further sockets.
        call = "setsockopt";
        int result = request.Sharing == PortSharing.FirstOfGroup
            ? Syscall.SetOption(fd, LibC.SOL_SOCKET, LibC.SO_REUSEPORT, 1)
            : 0;
        if (result < 0)
        {
            return result;
        }

        if (request.Network.IsTcp)
        {
            SocketOptions.ApplyDefaults(fd, request.KeepAlive);
        }

        call = "listen";
        return Syscall.Listen(fd, request.Backlog > 0 ? request.Backlog : s_maxBacklog.Value);
    }

    // As Go: broadcasting needs no asking on UDP.
    private static int SetBroadcast(int fd, Network network) =>
        network.Plain == "udp" ? Syscall.SetOption(fd, LibC.SOL_SOCKET, LibC.SO_BROADCAST, 1) : 0;

    private static void RunControl(int fd, in SocketRequest request, int family, NetAddress address)
    {
        try
        {
            request.Control?.Invoke(request.Network.NameFor(family), address.ToString(), fd);
        }
        catch (Exception e)
        {
            _ = Syscall.Close(fd);
            throw new ControlException(e);
        }
    }

    private static int KeepOrClose(int fd, int result)
    {
        if (result >= 0)
        {
            return fd;
        }

        _ = Syscall.Close(fd);
        return result;
    }

    private static int ReadMaxBacklog()
    {
        try
        {
            return int.Parse(File.ReadAllText("/proc/sys/net/core/somaxconn"), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            return 128; // SOMAXCONN of older systems
        }
    }
}
