using System.Buffers.Binary;

namespace HotLoop.Native;

/// <summary>
/// An IP address and port without a managed object, 24 bytes: what an accepted connection keeps of its peer until
/// somebody asks. An address that the kernel shows as IPv4 mapped into IPv6 is kept as IPv4, as Go shows it.
/// </summary>
internal readonly struct RawAddress
{
    private readonly ulong _high;
    private readonly ulong _low;

    internal RawAddress(ReadOnlySpan<byte> address, int port, uint scope)
    {
        Port = (ushort)port;
        Scope = scope;
        Length = (byte)address.Length;
        Span<byte> all = stackalloc byte[16];
        all.Clear();
        address.CopyTo(all);
        _high = BinaryPrimitives.ReadUInt64BigEndian(all);
        _low = BinaryPrimitives.ReadUInt64BigEndian(all[8..]);
    }

    internal ushort Port { get; }

    /// <summary>4 for IPv4, 16 for IPv6, 0 for "no IP address" (unset, or a socket of another family).</summary>
    internal byte Length { get; }

    /// <summary>Interface index of a link-local IPv6 address, else 0.</summary>
    internal uint Scope { get; }

    internal bool IsIPv4 => Length == 4;

    internal void CopyTo(Span<byte> destination)
    {
        Span<byte> all = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(all, _high);
        BinaryPrimitives.WriteUInt64BigEndian(all[8..], _low);
        all[..Length].CopyTo(destination);
    }
}
