using HotLoop.Native.Linux;

namespace HotLoop.Naming;

/// <summary>What the name of a network means.</summary>
/// <param name="Name">As the caller gave it: "tcp4". Errors show it.</param>
/// <param name="Plain">As addresses show it: "tcp".</param>
/// <param name="SocketType">SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET.</param>
internal sealed record Network(string Name, string Plain, int SocketType)
{
    private static readonly Network[] s_all =
    [
        new("tcp", "tcp", LibC.SOCK_STREAM), new("tcp4", "tcp", LibC.SOCK_STREAM), new("tcp6", "tcp", LibC.SOCK_STREAM),
        new("udp", "udp", LibC.SOCK_DGRAM), new("udp4", "udp", LibC.SOCK_DGRAM), new("udp6", "udp", LibC.SOCK_DGRAM),
        new("unix", "unix", LibC.SOCK_STREAM), new("unixgram", "unixgram", LibC.SOCK_DGRAM),
        new("unixpacket", "unixpacket", LibC.SOCK_SEQPACKET),
    ];

    internal static Network Tcp => s_all[0];

    internal bool IsUnix => Plain.StartsWith("unix", StringComparison.Ordinal);

    internal bool IsTcp => Plain == "tcp";

    /// <summary>Connections are dialed and accepted; else messages go to and fro.</summary>
    internal bool HasConnections => SocketType != LibC.SOCK_DGRAM;

    /// <summary>A receive takes one message: a short one does not mean that no other is there.</summary>
    internal bool KeepsRecords => SocketType != LibC.SOCK_STREAM;

    internal bool IsIPv4Only => Name.EndsWith('4');

    internal bool IsIPv6Only => Name.EndsWith('6');

    /// <summary>Both families may be used.</summary>
    internal bool IsAnyIP => !IsUnix && !IsIPv4Only && !IsIPv6Only;

    // A loop, not Array.Find: that would allocate for every datagram that is sent.
    internal static Network? Find(string name)
    {
        foreach (Network network in s_all)
        {
            if (network.Name == name)
            {
                return network;
            }
        }

        return null;
    }

    /// <summary>The network of a socket that was made elsewhere; null when it is of another kind.</summary>
    internal static Network? Find(int family, int socketType) => (family, socketType) switch
    {
        (LibC.AF_INET or LibC.AF_INET6, LibC.SOCK_STREAM) => Tcp,
        (LibC.AF_INET or LibC.AF_INET6, LibC.SOCK_DGRAM) => Find("udp"),
        (LibC.AF_UNIX, _) => Array.Find(s_all, n => n.IsUnix && n.SocketType == socketType),
        _ => null,
    };

    /// <summary>The name with the family that was chosen, as Control hooks see it: "tcp4".</summary>
    internal string NameFor(int family) => !IsAnyIP ? Name : Name + (family == LibC.AF_INET ? "4" : "6");
}
