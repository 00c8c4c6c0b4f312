using System.Net;
using HotLoop.Naming;

namespace HotLoop;

/// <summary>
/// An address of a network: Go's <c>net.Addr</c>, with <c>TCPAddr</c>, <c>UDPAddr</c> and <c>UnixAddr</c> in one. Immutable.
/// </summary>
public sealed class NetAddress : IEquatable<NetAddress>
{
    /// <summary>Makes the address of an IP socket. Go: TCPAddr, UDPAddr.</summary>
    /// <param name="network">The network's name: "tcp" or "udp".</param>
    /// <param name="ip">Null: no host was named (":80").</param>
    /// <param name="port">0 to 65535.</param>
    /// <param name="zone">Zone of a scoped IPv6 address ("eth0"), or null.</param>
    public NetAddress(string network, IPAddress? ip, int port, string? zone = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        Network = network;
        Ip = ip;
        Port = port;
        Zone = zone;
    }

    /// <summary>Makes the address of a Unix socket. Go: UnixAddr.</summary>
    /// <param name="network">The network's name: "unix", "unixgram" or "unixpacket".</param>
    /// <param name="path">
    /// The path, or "@" and an abstract name, which is in no file system (unix(7)). Empty: a name of the kernel's choice.
    /// </param>
    public NetAddress(string network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(path);
        Network = network;
        Path = path;
    }

    /// <summary>The network's name: "tcp", "udp", "unix", "unixgram", "unixpacket". Go: Network.</summary>
    public string Network { get; }

    /// <summary>The IP address; null when no host was named, and for a Unix socket. Go: IP.</summary>
    public IPAddress? Ip { get; }

    /// <summary>The port; 0 for a Unix socket. Go: Port.</summary>
    public int Port { get; }

    /// <summary>Zone of a scoped IPv6 address, or null. Go: Zone.</summary>
    public string? Zone { get; }

    /// <summary>
    /// The name of a Unix socket: a path, or "@" and an abstract name; "@" alone is a socket without a name. Null for other networks. Go: Name.
    /// </summary>
    public string? Path { get; }

    /// <summary>A listener's, taken for that of its connections as long as nobody asks.</summary>
    internal bool IsPresumed { get; private init; }

    /// <summary>As an end point for other .NET APIs; no host becomes the IPv6 wildcard.</summary>
    /// <exception cref="InvalidOperationException">It is the address of a Unix socket.</exception>
    public IPEndPoint ToIPEndPoint() =>
        Path is null ? new(Ip ?? IPAddress.IPv6Any, Port) : throw new InvalidOperationException($"{Path} is no IP address.");

    /// <summary>
    /// Go's text: <c>127.0.0.1:80</c>, <c>[::1]:80</c>, <c>[fe80::1%eth0]:80</c>, <c>:80</c>, <c>/run/a.sock</c>, <c>@name</c>.
    /// </summary>
    public override string ToString() => Path ?? HostPort.Join(Ip is null ? "" : Ip + (Zone is null ? "" : "%" + Zone), Port);

    /// <summary>The same, as one that is presumed.</summary>
    internal NetAddress AsPresumed() => new(Network, Ip, Port, Zone) { IsPresumed = true };

    /// <inheritdoc/>
    public bool Equals(NetAddress? other) =>
        other is not null && Network == other.Network && Equals(Ip, other.Ip) && Port == other.Port && Zone == other.Zone
        && Path == other.Path;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Network, Ip, Port, Zone, Path);
}
