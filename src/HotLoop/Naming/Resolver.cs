using System.Net;
using System.Net.Sockets;

namespace HotLoop.Naming;

/// <summary>Turns targets into endpoints, by Go's rules. Names are looked up off the loop.</summary>
internal static class Resolver
{
    /// <summary>What came of a resolution: endpoints, at least one, or an error and its kind.</summary>
    internal readonly record struct Resolution(IReadOnlyList<Endpoint> Endpoints, OpErrorKind Kind, string? Error)
    {
        internal static Resolution Failed(OpErrorKind kind, string error) => new([], kind, error);

        internal static Resolution Of(params IReadOnlyList<Endpoint> endpoints) => new(endpoints, default, null);
    }

    /// <summary>For an operation that must not wait: a name is looked up by blocking the caller.</summary>
    internal static Resolution Resolve(string operation, in Target target)
    {
        if (target.Host is not { } name)
        {
            return WithoutLookUp(operation, target);
        }

        if (!HostName.IsValid(name))
        {
            return NoSuchHost(name);
        }

        try
        {
            return Choose(target, Dns.GetHostAddresses(name));
        }
        catch (SocketException e)
        {
            return NoSuchHost(name, e);
        }
    }

    /// <summary>A name is looked up by <paramref name="lookUp"/>, which knows what is a name; null: by the system.</summary>
    internal static async ValueTask<Resolution> ResolveAsync(
        string operation,
        Target target,
        Func<string, CancellationToken, Task<IPAddress[]>>? lookUp,
        CancellationToken cancellationToken)
    {
        if (target.Host is not { } name)
        {
            return WithoutLookUp(operation, target);
        }

        // For C code behind a look-up, a name would end at its NUL.
        if (lookUp is null ? !HostName.IsValid(name) : name.Contains('\0', StringComparison.Ordinal))
        {
            return NoSuchHost(name);
        }

        try
        {
            // The wait ends with the token even where the look-up does not look at it.
            Task<IPAddress[]> found = (lookUp ?? Dns.GetHostAddressesAsync)(name, cancellationToken);
            return Choose(target, await found.WaitAsync(cancellationToken));
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

    private static Resolution WithoutLookUp(string operation, in Target target)
    {
        if (target.Error is { } error)
        {
            return Resolution.Failed(OpErrorKind.Address, error);
        }

        // A host that can bind to [::] but not connect to it is still reached.
        Endpoint known = target.Known;
        return target.Network.IsAnyIP && operation == "dial" && IPAddress.IPv6Any.Equals(known.Shown.Ip)
            ? Resolution.Of(known, Endpoint.Of(target.Network.Plain, IPAddress.Any, known.Raw.Port, null))
            : Resolution.Of(known);
    }

    private static Resolution NoSuchHost(string name) => Resolution.Failed(OpErrorKind.Lookup, $"lookup {name}: no such host");

    private static Resolution Choose(in Target target, IPAddress[] found)
    {
        List<Endpoint> endpoints = [];
        foreach (IPAddress ip in found)
        {
            Endpoint endpoint = Endpoint.Of(target.Network.Plain, ip, target.Port, zone: null);
            if (target.Network.IsAnyIP || endpoint.Raw.IsIPv4 == target.Network.IsIPv4Only)
            {
                endpoints.Add(endpoint);
            }
        }

        return endpoints.Count == 0
            ? Resolution.Failed(OpErrorKind.Address, $"address {target.Host}: no suitable address found")
            : Resolution.Of(endpoints);
    }

    private static Resolution NoSuchHost(string name, SocketException e) => Resolution.Failed(
        OpErrorKind.Lookup,
        $"lookup {name}: {(e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData ? "no such host" : e.Message)}");
}
