using System.Globalization;
using HotLoop.Native;

namespace HotLoop.Naming;

/// <summary>Zones of scoped IPv6 addresses: interface names and their numbers (if_nametoindex(3)).</summary>
internal static class Zones
{
    /// <summary>0 for a name that no interface has, as Go: the kernel then says what it thinks of the address.</summary>
    internal static uint IndexOf(string zone)
    {
        uint index = Kernel.Current.InterfaceIndex(zone);
        return index != 0 || uint.TryParse(zone, NumberStyles.None, CultureInfo.InvariantCulture, out index) ? index : 0;
    }

    internal static string NameOf(uint index) =>
        Kernel.Current.InterfaceName(index) ?? index.ToString(CultureInfo.InvariantCulture);
}
