using System.Net;
using HotLoop.Sockets;

namespace HotLoop;

/// <summary>An address of a network: Go's <c>net.Addr</c>, for TCP <c>net.TCPAddr</c>. Immutable.</summary>
public sealed class NetAddress : IEquatable<NetAddress>
{
    /// <summary>Makes an address.</summary>
    /// <param name="network">The network's name, such as "tcp".</param>
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

    /// <summary>The network's name: "tcp".</summary>
    public string Network { get; }

    /// <summary>The IP address; null when no host was named.</summary>
    public IPAddress? Ip { get; }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Zone of a scoped IPv6 address, or null.</summary>
    public string? Zone { get; }

    /// <summary>As an end point for other .NET APIs; no host becomes the IPv6 wildcard.</summary>
    public IPEndPoint ToIPEndPoint() => new(Ip ?? IPAddress.IPv6Any, Port);

    /// <summary>Go's text: <c>127.0.0.1:80</c>, <c>[::1]:80</c>, <c>[fe80::1%eth0]:80</c>, <c>:80</c>.</summary>
    public override string ToString() => HostPort.Join(Ip is null ? "" : Ip + (Zone is null ? "" : "%" + Zone), Port);

    /// <inheritdoc/>
    public bool Equals(NetAddress? other) =>
        other is not null && Network == other.Network && Equals(Ip, other.Ip) && Port == other.Port && Zone == other.Zone;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Network, Ip, Port, Zone);
}
