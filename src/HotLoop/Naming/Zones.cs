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
        bool isNumber = !zone.AsSpan().ContainsAnyExceptInRange('0', '9'); // TryParse would ignore NULs at the end
        return index != 0 || (isNumber && uint.TryParse(zone, NumberStyles.None, CultureInfo.InvariantCulture, out index)) ? index : 0;
    }

    /// <summary>An interface's number in decimal, where none has the index.</summary>
    internal static string NameOf(uint index) =>
        Kernel.Current.InterfaceName(index) ?? index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The one text of a zone: an interface that is given by its number is named.</summary>
    internal static string Normalize(string zone)
    {
        uint index = char.IsAsciiDigit(zone[0]) ? IndexOf(zone) : 0;
        return index == 0 || Kernel.Current.InterfaceIndex(zone) == index ? zone : NameOf(index);
    }
}
