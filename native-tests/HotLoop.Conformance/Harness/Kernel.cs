using System.Globalization;

namespace HotLoop.Conformance;

/// <summary>Numbers of the Linux kernel that the tests need by name.</summary>
public static class Kernel
{
    private static readonly Dictionary<string, int> s_errnos = new()
    {
        ["ENOENT"] = 2,
        ["EAGAIN"] = 11,
        ["EACCES"] = 13,
        ["EINVAL"] = 22,
        ["EMFILE"] = 24,
        ["EPIPE"] = 32,
        ["ENOTSOCK"] = 88,
        ["EDESTADDRREQ"] = 89,
        ["EMSGSIZE"] = 90,
        ["EPROTOTYPE"] = 91,
        ["EADDRINUSE"] = 98,
        ["EADDRNOTAVAIL"] = 99,
        ["ENETUNREACH"] = 101,
        ["ECONNRESET"] = 104,
        ["ENOTCONN"] = 107,
        ["ETIMEDOUT"] = 110,
        ["ECONNREFUSED"] = 111,
        ["EHOSTUNREACH"] = 113,
    };

    private static readonly Dictionary<string, (int Level, int Name)> s_options = new()
    {
        ["SO_REUSEADDR"] = (1, 2),
        ["SO_BROADCAST"] = (1, 6),
        ["SO_SNDBUF"] = (1, 7),
        ["SO_RCVBUF"] = (1, 8),
        ["SO_KEEPALIVE"] = (1, 9),
        ["SO_REUSEPORT"] = (1, 15),
        ["SO_DOMAIN"] = (1, 39),
        ["TCP_NODELAY"] = (6, 1),
        ["TCP_KEEPIDLE"] = (6, 4),
        ["TCP_KEEPINTVL"] = (6, 5),
        ["TCP_KEEPCNT"] = (6, 6),
        ["TCP_SYNCNT"] = (6, 7),
        ["TCP_USER_TIMEOUT"] = (6, 18),
        ["IPV6_V6ONLY"] = (41, 26),
    };

    /// <summary>TCP_INFO's state of a connection that both ends can use.</summary>
    public static int TcpEstablished => 1;

    /// <summary>TCP_INFO's state after a reset, or after both ends have closed.</summary>
    public static int TcpClose => 7;

    /// <summary>TCP_INFO's state after the peer's FIN.</summary>
    public static int TcpCloseWait => 8;

    public static int ErrnoOf(string name) => s_errnos[name];

    public static bool TryOption(string name, out (int Level, int Name) option) => s_options.TryGetValue(name, out option);

    /// <summary>A setting such as "net/core/somaxconn".</summary>
    public static int Setting(string path) => int.Parse(File.ReadAllText("/proc/sys/" + path), CultureInfo.InvariantCulture);

    /// <summary>Threads of this process.</summary>
    public static int ThreadCount() => Directory.GetDirectories("/proc/self/task").Length;
}
