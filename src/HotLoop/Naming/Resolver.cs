using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace HotLoop.Naming;

/// <summary>Turns network and address strings into endpoints, by Go's rules. Names are looked up off the loop.</summary>
internal static class Resolver
{
    // RFC 1035.
    private const int LongestName = 254;

    private static readonly SearchValues<char> s_dottedQuad = SearchValues.Create("0123456789.");

    /// <summary>What came of a resolution: endpoints, at least one, or an error and its kind.</summary>
    internal readonly record struct Resolution(IReadOnlyList<Endpoint> Endpoints, OpErrorKind Kind, string? Error)
    {
        internal static Resolution Failed(OpErrorKind kind, string error) => new([], kind, error);

        internal static Resolution Of(params IReadOnlyList<Endpoint> endpoints) => new(endpoints, default, null);
    }

    /// <summary>For an operation that must not wait: a name is looked up by blocking the caller.</summary>
    internal static Resolution Resolve(string operation, Network network, string address)
    {
        Resolution resolution = ResolveLiteral(operation, network, address, out string? name, out int port);
        if (name is null)
        {
            return resolution;
        }

        if (!IsName(name))
        {
            return NoSuchHost(name);
        }

        try
        {
            return Choose(network, name, port, Dns.GetHostAddresses(name));
        }
        catch (SocketException e)
        {
            return NoSuchHost(name, e);
        }
    }

    /// <summary>A name is looked up by <paramref name="lookUp"/>; null: by the system.</summary>
    internal static async ValueTask<Resolution> ResolveAsync(
        string operation,
        Network network,
        string address,
        Func<string, CancellationToken, Task<IPAddress[]>>? lookUp,
        CancellationToken cancellationToken)
    {
        Resolution resolution = ResolveLiteral(operation, network, address, out string? name, out int port);
        if (name is null)
        {
            return resolution;
        }

        if (lookUp is null && !IsName(name))
        {
            return NoSuchHost(name);
        }

        try
        {
            // The wait ends with the token even where the look-up does not look at it.
            Task<IPAddress[]> found = (lookUp ?? Dns.GetHostAddressesAsync)(name, cancellationToken);
            return Choose(network, name, port, await found.WaitAsync(cancellationToken));
        }
        catch (SocketException e)
        {
            return NoSuchHost(name, e);
        }
        catch (OperationCanceledException)
        {
            return Resolution.Failed(OpErrorKind.Canceled, $"lookup {name}: operation was canceled");
        }
        catch (Exception e) when (lookUp is not null)
        {
            return Resolution.Failed(OpErrorKind.Lookup, $"lookup {name}: {e.Message}");
        }
    }

    // All that needs no look-up; else the name that does.
    private static Resolution ResolveLiteral(string operation, Network network, string address, out string? name, out int port)
    {
        name = null;
        port = 0;
        if (address.Length == 0 && operation == "dial")
        {
            return Resolution.Failed(OpErrorKind.Address, "missing address");
        }

        if (network.IsUnix)
        {
            return Resolution.Of(Endpoint.OfUnix(network.Plain, address));
        }

        string host = "";
        if (address.Length == 0)
        {
            return Resolution.Of(Endpoint.WithoutHost(network.Plain, 0));
        }

        string? error = HostPort.Split(address, out host, out string portText) ?? HostPort.ParsePort(network.Name, portText, out port);
        if (error is not null)
        {
            return Resolution.Failed(OpErrorKind.Address, error);
        }

        if (host.Length == 0)
        {
            return Resolution.Of(Endpoint.WithoutHost(network.Plain, port));
        }

        if (!TryParseLiteral(host, out IPAddress? ip, out string? zone))
        {
            name = host;
            return default;
        }

        Endpoint endpoint = Endpoint.Of(network.Plain, ip, port, zone);
        if (!network.IsAnyIP && endpoint.Raw.IsIPv4 != network.IsIPv4Only)
        {
            return Resolution.Failed(OpErrorKind.Address, $"address {host}: no suitable address found");
        }

        // A host that can bind to [::] but not connect to it is still reached.
        return network.IsAnyIP && operation == "dial" && ip.Equals(IPAddress.IPv6Any)
            ? Resolution.Of(endpoint, Endpoint.Of(network.Plain, IPAddress.Any, port, null))
            : Resolution.Of(endpoint);
    }

    // Dotted quads and IPv6 only: IPAddress.Parse would also take "1" and "0x7f.1" for addresses, which are names here.
    private static bool TryParseLiteral(string host, out IPAddress ip, out string? zone)
    {
        ip = IPAddress.None;
        zone = null;
        bool isIPv6 = host.Contains(':', StringComparison.Ordinal);
        if (isIPv6)
        {
            int percent = host.IndexOf('%', StringComparison.Ordinal);
            if (percent > 0)
            {
                zone = host[(percent + 1)..];
                host = host[..percent];
            }
        }
        else if (host.Count(c => c == '.') != 3 || host.AsSpan().ContainsAnyExcept(s_dottedQuad))
        {
            return false;
        }

        return IPAddress.TryParse(host, out ip!);
    }

    // What the system's resolver would take for an address in another notation ("1", "0x7f.1"), or not take at all.
    private static bool IsName(string name) => name.Length <= LongestName && !IPAddress.TryParse(name, out _);

    private static Resolution NoSuchHost(string name) => Resolution.Failed(OpErrorKind.Lookup, $"lookup {name}: no such host");

    private static Resolution Choose(Network network, string name, int port, IPAddress[] found)
    {
        List<Endpoint> endpoints = [];
        foreach (IPAddress ip in found)
        {
            bool isIPv4 = ip.AddressFamily == AddressFamily.InterNetwork || ip.IsIPv4MappedToIPv6;
            if (network.IsAnyIP || isIPv4 == network.IsIPv4Only)
            {
                string? zone = ip.AddressFamily == AddressFamily.InterNetworkV6 && ip.ScopeId != 0 ? Zones.NameOf((uint)ip.ScopeId) : null;
                endpoints.Add(Endpoint.Of(network.Plain, new IPAddress(ip.GetAddressBytes()), port, zone));
            }
        }

        return endpoints.Count == 0
            ? Resolution.Failed(OpErrorKind.Address, $"address {name}: no suitable address found")
            : Resolution.Of(endpoints);
    }

    private static Resolution NoSuchHost(string name, SocketException e) => Resolution.Failed(
        OpErrorKind.Lookup,
        $"lookup {name}: {(e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData ? "no such host" : e.Message)}");
}
