using System.Globalization;
using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <summary>Linux behind the seam: sockets and what they are.</summary>
internal sealed unsafe partial class LinuxKernel : Kernel
{
    private static readonly Lazy<int> s_backlogMax = new(ReadBacklogMax);

    private static readonly Lazy<string?> s_obstacle = new(Requirements.FindObstacle);

    internal LinuxKernel()
    {
        try
        {
            LibraryNames.Prepare();
        }
        catch (FileNotFoundException)
        {
            // The package is not there, which is the obstacle that will be told.
        }
    }

    internal override string? Obstacle => s_obstacle.Value;

    internal override int BacklogMax => s_backlogMax.Value;

    internal override int Socket(SocketFamily family, SocketKind kind) => Syscall.Result(
        LibC.socket(Family(family), SocketType(kind) | LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC, 0));

    internal override int Listen(int fd, int backlog) => Syscall.Result(LibC.listen(fd, backlog));

    internal override int EndReceiving(int fd) => Syscall.Shutdown(fd, LibC.SHUT_RD);

    internal override int EndSending(int fd) => Syscall.Shutdown(fd, LibC.SHUT_WR);

    internal override int Close(int fd) => Syscall.Close(fd);

    internal override int SetOption(int fd, SocketOption option, int value)
    {
        (int level, int name) = option switch
        {
            SocketOption.ReuseAddress => (LibC.SOL_SOCKET, LibC.SO_REUSEADDR),
            SocketOption.SharePort => (LibC.SOL_SOCKET, LibC.SO_REUSEPORT),
            SocketOption.BindWithoutPort => (LibC.IPPROTO_IP, ByHand.IP_BIND_ADDRESS_NO_PORT),
            SocketOption.Broadcast => (LibC.SOL_SOCKET, LibC.SO_BROADCAST),
            SocketOption.SendBuffer => (LibC.SOL_SOCKET, LibC.SO_SNDBUF),
            SocketOption.ReceiveBuffer => (LibC.SOL_SOCKET, LibC.SO_RCVBUF),
            SocketOption.KeepAlive => (LibC.SOL_SOCKET, LibC.SO_KEEPALIVE),
            SocketOption.KeepAliveIdle => (LibC.IPPROTO_TCP, LibC.TCP_KEEPIDLE),
            SocketOption.KeepAliveInterval => (LibC.IPPROTO_TCP, LibC.TCP_KEEPINTVL),
            SocketOption.KeepAliveProbes => (LibC.IPPROTO_TCP, LibC.TCP_KEEPCNT),
            SocketOption.NoDelay => (LibC.IPPROTO_TCP, LibC.TCP_NODELAY),
            SocketOption.IPv6Only => (LibC.IPPROTO_IPV6, LibC.IPV6_V6ONLY),
            _ => throw new ArgumentOutOfRangeException(nameof(option)),
        };
        return Syscall.SetOption(fd, level, name, value);
    }

    internal override int SetLinger(int fd, int seconds) => Syscall.SetOption(
        fd, LibC.SOL_SOCKET, LibC.SO_LINGER, new linger { l_onoff = seconds >= 0 ? 1 : 0, l_linger = Math.Max(seconds, 0) });

    internal override int TakeError(int fd)
    {
        int result = Syscall.GetOption(fd, LibC.SOL_SOCKET, LibC.SO_ERROR, out int error);
        return result < 0 ? result : -error;
    }

    internal override int Describe(int fd, out SocketTraits traits)
    {
        int type = 0;
        int listens = 0;
        int result = Syscall.GetOption(fd, LibC.SOL_SOCKET, LibC.SO_DOMAIN, out int family);
        result = result < 0 ? result : Syscall.GetOption(fd, LibC.SOL_SOCKET, LibC.SO_TYPE, out type);
        result = result < 0 ? result : Syscall.GetOption(fd, LibC.SOL_SOCKET, LibC.SO_ACCEPTCONN, out listens);
        traits = new SocketTraits(FamilyOf(family), KindOf(type), listens != 0);
        return result;
    }

    /// <summary>AF_UNIX and so on.</summary>
    internal static int Family(SocketFamily family) => family switch
    {
        SocketFamily.Unix => LibC.AF_UNIX,
        SocketFamily.IPv4 => LibC.AF_INET,
        _ => LibC.AF_INET6,
    };

    // The package's constants are properties, which patterns do not take.
    private static SocketFamily FamilyOf(int family) =>
        family == LibC.AF_UNIX ? SocketFamily.Unix
        : family == LibC.AF_INET ? SocketFamily.IPv4
        : family == LibC.AF_INET6 ? SocketFamily.IPv6
        : SocketFamily.Other;

    private static int SocketType(SocketKind kind) => kind switch
    {
        SocketKind.Datagram => LibC.SOCK_DGRAM,
        SocketKind.Records => LibC.SOCK_SEQPACKET,
        _ => LibC.SOCK_STREAM,
    };

    private static SocketKind KindOf(int type) =>
        type == LibC.SOCK_STREAM ? SocketKind.Stream
        : type == LibC.SOCK_DGRAM ? SocketKind.Datagram
        : type == LibC.SOCK_SEQPACKET ? SocketKind.Records
        : SocketKind.Other;

    private static int ReadBacklogMax()
    {
        try
        {
            return int.Parse(File.ReadAllText("/proc/sys/net/core/somaxconn"), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            return 128; // SOMAXCONN of older systems
        }
    }
}
