using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Sockets;

/// <summary>Makes TCP sockets. Results are a descriptor or -errno, with the name of the call that failed.</summary>
internal static class TcpSocket
{
    private static readonly Lazy<int> s_maxBacklog = new(ReadMaxBacklog);

    /// <summary>A listening socket. See <see cref="ListenConfig"/> for the options.</summary>
    internal static int Listen(
        string network, in TcpEndpoint endpoint, int backlog, TimeSpan keepAlive, PortSharing sharing, out string call)
    {
        call = "socket";
        bool dual = network == "tcp" && endpoint.IsWildcard;
        int family = network == "tcp4" || (endpoint.Raw.IsIPv4 && !dual) ? LibC.AF_INET : LibC.AF_INET6;
        int fd = Syscall.Socket(family, LibC.SOCK_STREAM, 0);
        if (fd == -Errno.EAFNOSUPPORT && dual)
        {
            family = LibC.AF_INET;
            fd = Syscall.Socket(family, LibC.SOCK_STREAM, 0);
        }

        if (fd < 0)
        {
            return fd;
        }

        RawAddress address = dual || !endpoint.HasHost
            ? new RawAddress(new byte[family == LibC.AF_INET ? 4 : 16], endpoint.Raw.Port, 0)
            : endpoint.Raw;
        int result = Bind(fd, address, family, dual, sharing, out call);
        if (result >= 0)
        {
            call = "listen";
            TcpOptions.ApplyDefaults(fd, keepAlive);
            result = Syscall.Listen(fd, backlog > 0 ? backlog : s_maxBacklog.Value);
        }

        if (result < 0)
        {
            _ = Syscall.Close(fd);
            return result;
        }

        return fd;
    }

    /// <summary>A socket that can be connected to <paramref name="remote"/>.</summary>
    internal static int ForDial(in TcpEndpoint remote, TcpEndpoint? local, string network, TimeSpan keepAlive, out int family, out string call)
    {
        call = "socket";
        family = remote.Raw.Length == 16 || (!remote.HasHost && network == "tcp6") ? LibC.AF_INET6 : LibC.AF_INET;
        int fd = Syscall.Socket(family, LibC.SOCK_STREAM, 0);
        if (fd < 0)
        {
            return fd;
        }

        TcpOptions.ApplyDefaults(fd, keepAlive);
        if (local is { } from)
        {
            call = "bind";
            int result = Syscall.Bind(fd, from.Raw, family);
            if (result < 0)
            {
                _ = Syscall.Close(fd);
                return result;
            }
        }

        return fd;
    }

    private static int Bind(int fd, in RawAddress address, int family, bool dual, PortSharing sharing, out string call)
    {
        call = "setsockopt";
        int result = Syscall.SetOption(fd, LibC.SOL_SOCKET, LibC.SO_REUSEADDR, 1);
        if (result >= 0 && family == LibC.AF_INET6)
        {
            result = Syscall.SetOption(fd, LibC.IPPROTO_IPV6, LibC.IPV6_V6ONLY, dual ? 0 : 1);
        }

        if (result >= 0 && sharing == PortSharing.Open)
        {
            result = Syscall.SetOption(fd, LibC.SOL_SOCKET, LibC.SO_REUSEPORT, 1);
        }

        if (result >= 0)
        {
            call = "bind";
            result = Syscall.Bind(fd, address, family);
        }

        // Bound without SO_REUSEPORT, the port was nobody else's; from here on it is shared with our own further sockets.
        if (result >= 0 && sharing == PortSharing.FirstOfGroup)
        {
            call = "setsockopt";
            result = Syscall.SetOption(fd, LibC.SOL_SOCKET, LibC.SO_REUSEPORT, 1);
        }

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
