using System.Globalization;
using System.Text;
using HotLoop.Native.Linux;

namespace HotLoop.Naming;

/// <summary>Zones of scoped IPv6 addresses: interface names and their numbers (if_nametoindex(3)).</summary>
internal static unsafe class Zones
{
    private const int NameLengthMax = 16; // IF_NAMESIZE

    /// <summary>0 for a name that no interface has, as Go: the kernel then says what it thinks of the address.</summary>
    internal static uint IndexOf(string zone)
    {
        uint index = LibC.if_nametoindex(zone);
        return index != 0 || uint.TryParse(zone, NumberStyles.None, CultureInfo.InvariantCulture, out index) ? index : 0;
    }

    internal static string NameOf(uint index)
    {
        byte* name = stackalloc byte[NameLengthMax];
        return LibC.if_indextoname(index, name) == null
            ? index.ToString(CultureInfo.InvariantCulture)
            : Encoding.UTF8.GetString(name, new ReadOnlySpan<byte>(name, NameLengthMax).IndexOf((byte)0));
    }
}
