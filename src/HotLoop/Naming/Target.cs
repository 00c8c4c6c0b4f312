using System.Net;
using System.Net.Sockets;

namespace HotLoop.Naming;

/// <summary>What is dialed or listened on, as far as it is known without a look-up: an endpoint, a host to look up, or what is wrong.</summary>
/// <param name="Network">Of the socket.</param>
/// <param name="Known">Where neither <paramref name="Host"/> nor <paramref name="Error"/> is.</param>
/// <param name="Host">The name to look up.</param>
/// <param name="Port">Of the host.</param>
/// <param name="Error">Of the address, in Go's words.</param>
internal readonly record struct Target(Network Network, Endpoint Known = default, string? Host = null, int Port = 0, string? Error = null)
{
    /// <summary>From text, by Go's rules.</summary>
    internal static Target Parse(string operation, Network network, string address)
    {
        if (address.Length == 0 && operation == "dial")
        {
            return new Target(network, Error: "missing address");
        }

        if (network.IsUnix)
        {
            return new Target(network, Endpoint.OfUnix(network.Plain, address));
        }

        if (address.Length == 0)
        {
            return new Target(network, Endpoint.WithoutHost(network.Plain, 0));
        }

        int port = 0;
        string? error = HostPort.Split(address, out string host, out string portText)
            ?? HostPort.ParsePort(network.Name, portText, out port);
        return error is not null ? new Target(network, Error: error)
            : host.Length == 0 ? new Target(network, Endpoint.WithoutHost(network.Plain, port))
            : Of(network, host, port);
    }

    /// <summary>
    /// From .NET's: "tcp" and "unix", or "udp" and "unixgram". A family that a host's end point asks for is the network's. The IPv4 wildcard is of
    /// IPv4 only, as it is everywhere in .NET; Go's text "0.0.0.0" would be both families'.
    /// </summary>
    /// <exception cref="ArgumentException">It is of another type.</exception>
    internal static Target Of(EndPoint endPoint, bool connections)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        string ip = connections ? "tcp" : "udp";
        return endPoint switch
        {
            IPEndPoint known => Of(Find(IsIPv4Wildcard(known.Address) ? ip + "4" : ip), known),
            DnsEndPoint { AddressFamily: AddressFamily.InterNetwork } named => Of(Find(ip + "4"), HostOf(named), named.Port),
            DnsEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } named => Of(Find(ip + "6"), HostOf(named), named.Port),
            DnsEndPoint named => Of(Find(ip), HostOf(named), named.Port),
            UnixDomainSocketEndPoint unix => Of(Find(connections ? "unix" : "unixgram"), unix),
            _ => throw new ArgumentException($"{endPoint.GetType()} is no end point of an IP or Unix socket.", nameof(endPoint)),
        };
    }

    // HttpClient leaves an IPv6 address in the brackets of its URL (RFC 3986, 3.2.2).
    private static string HostOf(DnsEndPoint named) => named.Host is ['[', .. string inside, ']'] ? inside : named.Host;

    private static bool IsIPv4Wildcard(IPAddress ip) => (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).Equals(IPAddress.Any);

    private static Target Of(Network network, IPEndPoint known) =>
        new(network, Endpoint.Of(network.Plain, known.Address, known.Port, zone: null));

    private static Target Of(Network network, UnixDomainSocketEndPoint unix) =>
        new(network, Endpoint.OfUnix(network.Plain, EndPoints.NameOf(unix)));

    private static Target Of(Network network, string host, int port)
    {
        if (!IpLiteral.TryParse(host, out IPAddress? ip, out string? zone))
        {
            return new Target(network, Host: host, Port: port);
        }

        Endpoint endpoint = Endpoint.Of(network.Plain, ip, port, zone);
        return network.IsAnyIP || endpoint.Raw.IsIPv4 == network.IsIPv4Only
            ? new Target(network, endpoint)
            : new Target(network, Error: $"address {host}: no suitable address found");
    }

    private static Network Find(string name) => Network.Find(name)!;
}
