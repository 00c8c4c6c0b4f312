using System.Net;
using HotLoop.Native;

namespace HotLoop.Naming;

/// <summary>A resolved address: as the kernel wants it, and as error texts show it.</summary>
/// <param name="Raw">Of length 0 when no host was named, and for a Unix socket.</param>
/// <param name="Shown">As the caller asked for it; has a path for a Unix socket.</param>
internal readonly record struct Endpoint(RawAddress Raw, NetAddress Shown)
{
    internal bool HasHost => Raw.Length != 0;

    internal bool IsWildcard => !HasHost || Shown.Ip!.Equals(IPAddress.Any) || Shown.Ip.Equals(IPAddress.IPv6Any);

    internal static Endpoint WithoutHost(string network, int port) =>
        new(new RawAddress([], port, 0), new NetAddress(network, null, port));

    internal static Endpoint Of(string network, IPAddress ip, int port, string? zone) =>
        Of(NetAddress.WithZoneAsGiven(network, ip, port, zone));

    internal static Endpoint OfUnix(string network, string path) => new(default, new NetAddress(network, path));

    /// <summary>Made for each datagram that is sent: it allocates nothing.</summary>
    internal static Endpoint Of(NetAddress address)
    {
        if (address.Ip is not { } ip)
        {
            return new Endpoint(new RawAddress([], address.Port, 0), address);
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = ip.TryWriteBytes(bytes, out int length);
        uint scope = address.Zone is null ? 0 : Zones.IndexOf(address.Zone);
        return new Endpoint(new RawAddress(bytes[..length], address.Port, scope), address);
    }

    /// <summary>The address of a socket, as the kernel reported it.</summary>
    internal static NetAddress ToNetAddress(string network, in RawAddress raw)
    {
        Span<byte> bytes = stackalloc byte[16];
        raw.CopyTo(bytes);
        IPAddress? ip = raw.Length == 0 ? null : new IPAddress(bytes[..raw.Length]);
        return new NetAddress(network, ip, raw.Port, raw.Scope == 0 ? null : Zones.NameOf(raw.Scope));
    }

    /// <summary>Where a socket of <paramref name="network"/> is bound.</summary>
    internal static NetAddress LocalOf(int fd, Network network)
    {
        if (network.IsUnix)
        {
            return new NetAddress(network.Plain, Kernel.Current.LocalUnixName(fd));
        }

        _ = Kernel.Current.LocalAddress(fd, out RawAddress raw);
        return ToNetAddress(network.Plain, raw);
    }

    /// <summary>Without a host, the wildcard of <paramref name="family"/>: to bind, any address; to connect, this machine.</summary>
    internal RawAddress RawFor(SocketFamily family) =>
        HasHost ? Raw : new RawAddress(new byte[family == SocketFamily.IPv4 ? 4 : 16], Raw.Port, 0);

    /// <summary>Writes it as the kernel reads it, in <see cref="Kernel.AddressSizeMax"/> bytes at most. Its length, or -errno.</summary>
    internal int Encode(SocketFamily family, Span<byte> address) => Shown.Path is { } path
        ? Kernel.Current.EncodeUnix(path, address)
        : Kernel.Current.Encode(RawFor(family), family, address);

    internal int Bind(int fd, SocketFamily family) =>
        Shown.Path is { } path ? Kernel.Current.BindUnix(fd, path) : Kernel.Current.Bind(fd, RawFor(family), family);

    internal int Connect(int fd, SocketFamily family) =>
        Shown.Path is { } path ? Kernel.Current.ConnectUnix(fd, path) : Kernel.Current.Connect(fd, RawFor(family), family);
}
