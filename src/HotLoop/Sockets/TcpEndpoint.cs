using System.Net;
using HotLoop.Native;

namespace HotLoop.Sockets;

/// <summary>A resolved TCP address: as the kernel wants it, and as error texts show it.</summary>
/// <param name="Raw">Of length 0 when no host was named.</param>
/// <param name="Shown">As the caller asked for it.</param>
internal readonly record struct TcpEndpoint(RawAddress Raw, NetAddress Shown)
{
    internal bool HasHost => Raw.Length != 0;

    internal bool IsWildcard => !HasHost || Shown.Ip!.Equals(IPAddress.Any) || Shown.Ip.Equals(IPAddress.IPv6Any);

    internal static TcpEndpoint WithoutHost(int port) => new(new RawAddress([], port, 0), new NetAddress("tcp", null, port));

    internal static TcpEndpoint Of(IPAddress ip, int port, string? zone)
    {
        if (ip.IsIPv4MappedToIPv6)
        {
            ip = ip.MapToIPv4();
        }

        uint scope = zone is null ? 0 : Zones.IndexOf(zone);
        return new TcpEndpoint(new RawAddress(ip.GetAddressBytes(), port, scope), new NetAddress("tcp", ip, port, zone));
    }

    /// <summary>The address of a socket, as the kernel reported it.</summary>
    internal static NetAddress ToNetAddress(in RawAddress raw)
    {
        Span<byte> bytes = stackalloc byte[16];
        raw.CopyTo(bytes);
        IPAddress? ip = raw.Length == 0 ? null : new IPAddress(bytes[..raw.Length]);
        return new NetAddress("tcp", ip, raw.Port, raw.Scope == 0 ? null : Zones.NameOf(raw.Scope));
    }
}
