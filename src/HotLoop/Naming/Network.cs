using HotLoop.Native;

namespace HotLoop.Naming;

/// <summary>What the name of a network means.</summary>
/// <param name="Name">As the caller gave it: "tcp4". Errors show it.</param>
/// <param name="Plain">As addresses show it: "tcp".</param>
/// <param name="Kind">Of its sockets.</param>
internal sealed record Network(string Name, string Plain, SocketKind Kind)
{
    private static readonly Network[] s_all =
    [
        new("tcp", "tcp", SocketKind.Stream), new("tcp4", "tcp", SocketKind.Stream), new("tcp6", "tcp", SocketKind.Stream),
        new("udp", "udp", SocketKind.Datagram), new("udp4", "udp", SocketKind.Datagram), new("udp6", "udp", SocketKind.Datagram),
        new("unix", "unix", SocketKind.Stream), new("unixgram", "unixgram", SocketKind.Datagram),
        new("unixpacket", "unixpacket", SocketKind.Records),
    ];

    internal static Network Tcp => s_all[0];

    internal bool IsUnix => Plain.StartsWith("unix", StringComparison.Ordinal);

    internal bool IsTcp => Plain == "tcp";

    /// <summary>Connections are dialed and accepted; else messages go to and fro.</summary>
    internal bool HasConnections => Kind != SocketKind.Datagram;

    /// <summary>A receive takes one message: a short one does not mean that no other is there.</summary>
    internal bool KeepsRecords => Kind != SocketKind.Stream;

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
    internal static Network? Find(SocketFamily family, SocketKind kind) => (family, kind) switch
    {
        (SocketFamily.IPv4 or SocketFamily.IPv6, SocketKind.Stream) => Tcp,
        (SocketFamily.IPv4 or SocketFamily.IPv6, SocketKind.Datagram) => Find("udp"),
        (SocketFamily.Unix, _) => Array.Find(s_all, n => n.IsUnix && n.Kind == kind),
        _ => null,
    };

    /// <summary>The name with the family that was chosen, as Control hooks see it: "tcp4".</summary>
    internal string NameFor(SocketFamily family) => !IsAnyIP ? Name : Name + (family == SocketFamily.IPv4 ? "4" : "6");
}
