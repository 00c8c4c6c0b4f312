using System.Net;
using System.Net.Sockets;
using HotLoop.Naming;

namespace HotLoop;

/// <summary>
/// An address of a network: Go's <c>net.Addr</c>, with <c>TCPAddr</c>, <c>UDPAddr</c> and <c>UnixAddr</c> in one. Immutable.
/// </summary>
public sealed class NetAddress : IEquatable<NetAddress>
{
    /// <summary>Makes the address of an IP socket. Go: TCPAddr, UDPAddr.</summary>
    /// <param name="network">The network's name: "tcp" or "udp".</param>
    /// <param name="ip">
    /// Null: no host was named (":80"). IPv4 mapped into IPv6 becomes IPv4; a <see cref="IPAddress.ScopeId"/> becomes the zone.
    /// </param>
    /// <param name="port">0 to 65535.</param>
    /// <param name="zone">
    /// Zone of a scoped IPv6 address (RFC 4007): the interface's name ("eth0"), or its number, which becomes the name if there is such an
    /// interface. Null or empty: the scope of <paramref name="ip"/>, if it has one. IPv4 has no zones: ignored.
    /// </param>
    /// <exception cref="ArgumentException">The zone contains NUL.</exception>
    public NetAddress(string network, IPAddress? ip, int port, string? zone = null)
        : this(network, port, ip, string.IsNullOrEmpty(zone) ? null : Zones.Normalize(zone))
    {
    }

    /// <summary>Makes the address of a Unix socket. Go: UnixAddr.</summary>
    /// <param name="network">The network's name: "unix", "unixgram" or "unixpacket".</param>
    /// <param name="path">
    /// The path, or "@" and an abstract name, which is in no file system (unix(7)). Empty: a name of the kernel's choice. Bytes that are not
    /// UTF-8 are lone surrogates, U+DC80 for 0x80 and so on (PEP 383). A path in the file system that contains NUL is refused where it is used.
    /// </param>
    public NetAddress(string network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(path);
        Network = network;
        Path = path;
    }

    private NetAddress(string network, int port, IPAddress? ip, string? zone)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        if (zone is not null && zone.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A zone contains no NUL.", nameof(zone));
        }

        Network = network;
        Port = port;
        Ip = ip is { IsIPv4MappedToIPv6: true } ? ip.MapToIPv4() : ip;
        if (Ip is { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            uint scope = (uint)Ip.ScopeId;
            Zone = zone ?? (scope == 0 ? null : Zones.NameOf(scope));
            Ip = scope == 0 ? Ip : new IPAddress(Ip.GetAddressBytes());
        }
    }

    /// <summary>The network's name: "tcp", "udp", "unix", "unixgram", "unixpacket". Go: Network.</summary>
    public string Network { get; }

    /// <summary>The IP address, without a scope; null when no host was named, and for a Unix socket. Go: IP.</summary>
    public IPAddress? Ip { get; }

    /// <summary>The port; 0 for a Unix socket. Go: Port.</summary>
    public int Port { get; }

    /// <summary>Zone of a scoped IPv6 address, or null. Go: Zone.</summary>
    public string? Zone { get; }

    /// <summary>
    /// The name of a Unix socket: a path, or "@" and an abstract name, with the NULs it has; "@" alone is a socket without a name. Of a socket
    /// that is bound to a file "@a", it is "./@a". Null for other networks. Go: Name.
    /// </summary>
    public string? Path { get; }

    /// <summary>A listener's, taken for that of its connections as long as nobody asks.</summary>
    internal bool IsPresumed { get; private init; }

    /// <summary>As an end point for other .NET APIs, with the scope that the zone means on this machine; no host becomes the IPv6 wildcard.</summary>
    /// <exception cref="InvalidOperationException">It is the address of a Unix socket.</exception>
    public IPEndPoint ToIPEndPoint() => Path is not null ? throw new InvalidOperationException($"{Path} is no IP address.")
        : Zone is null ? new(Ip ?? IPAddress.IPv6Any, Port)
        : new(new IPAddress(Ip!.GetAddressBytes(), Zones.IndexOf(Zone)), Port);

    /// <summary>As an end point for other .NET APIs: <see cref="ToIPEndPoint"/>, or a <see cref="UnixDomainSocketEndPoint"/>.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is the name of a Unix socket that .NET would change: none, one with bytes that are not UTF-8, or a path with NUL.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The name of a Unix socket is too long for .NET.
    /// </exception>
    public EndPoint ToEndPoint() => Path is null ? ToIPEndPoint() : EndPoints.OfUnix(Path);

    /// <summary>
    /// Go's text: <c>127.0.0.1:80</c>, <c>[::1]:80</c>, <c>[fe80::1%eth0]:80</c>, <c>:80</c>, <c>/run/a.sock</c>, <c>@name</c>.
    /// </summary>
    public override string ToString() => Path ?? HostPort.Join(
        Ip is null ? "" : Zone is null ? IpLiteral.Format(Ip) : $"{IpLiteral.Format(Ip)}%{Zone}", Port);

    /// <summary>The same, as one that is presumed.</summary>
    internal NetAddress AsPresumed() => new(Network, Port, Ip, Zone) { IsPresumed = true };

    /// <inheritdoc/>
    public bool Equals(NetAddress? other) =>
        other is not null && Network == other.Network && Equals(Ip, other.Ip) && Port == other.Port && Zone == other.Zone
        && Path == other.Path;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Network, Ip, Port, Zone, Path);

    /// <summary>As it was given in a text, which errors show: a zone stays a number.</summary>
    internal static NetAddress WithZoneAsGiven(string network, IPAddress ip, int port, string? zone) => new(network, port, ip, zone);
}
