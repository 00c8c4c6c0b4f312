using System.Net;
using System.Net.NetworkInformation;

namespace HotLoop.Conformance;

/// <summary>A theory that needs an interface with a link-local IPv6 address; where there is none it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinkLocalTheoryAttribute : TheoryAttribute
{
    private static readonly (IPAddress Ip, string Name)? s_found = Find();

    public LinkLocalTheoryAttribute() => Skip = s_found is null ? "Needs an interface with a link-local IPv6 address (fe80::)." : null;

    /// <summary>With its scope, and the name of the interface.</summary>
    public static (IPAddress Ip, string Name) Address => s_found!.Value;

    private static (IPAddress Ip, string Name)? Find()
    {
        foreach (NetworkInterface one in NetworkInterface.GetAllNetworkInterfaces().Where(i => i.OperationalStatus == OperationalStatus.Up))
        {
            IPAddress? ip = one.GetIPProperties().UnicastAddresses.Select(a => a.Address).FirstOrDefault(a => a.IsIPv6LinkLocal);
            if (ip is not null)
            {
                return (new IPAddress(ip.GetAddressBytes(), one.GetIPProperties().GetIPv6Properties().Index), one.Name);
            }
        }

        return null;
    }
}
