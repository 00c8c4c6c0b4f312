using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <summary>Turns <see cref="RawAddress"/> into the kernel's sockaddr and back.</summary>
internal static unsafe class SocketAddressCodec
{
    /// <summary>Writes <paramref name="address"/> for a socket of <paramref name="family"/>; returns the length in bytes.</summary>
    internal static uint Encode(in RawAddress address, SocketFamily family, sockaddr_storage* storage)
    {
        *storage = default;
        if (family == SocketFamily.IPv4)
        {
            sockaddr_in* v4 = (sockaddr_in*)storage;
            v4->sin_family = LibC.AF_INET;
            v4->sin_port = BinaryPrimitives.ReverseEndianness(address.Port);
            address.CopyTo(new Span<byte>(v4->sin_addr.s_addr, 4));
            return (uint)sizeof(sockaddr_in);
        }

        sockaddr_in6* v6 = (sockaddr_in6*)storage;
        v6->sin6_family = LibC.AF_INET6;
        v6->sin6_port = BinaryPrimitives.ReverseEndianness(address.Port);
        v6->sin6_scope_id = address.Scope;
        Span<byte> bytes = new(v6->sin6_addr.s6_addr, 16);
        if (address.IsIPv4)
        {
            bytes[10] = bytes[11] = 0xff;
            address.CopyTo(bytes[12..]);
        }
        else
        {
            address.CopyTo(bytes);
        }

        return (uint)sizeof(sockaddr_in6);
    }

    /// <summary>As above, into bytes.</summary>
    internal static int Encode(in RawAddress address, SocketFamily family, Span<byte> bytes)
    {
        sockaddr_storage storage;
        int length = (int)Encode(address, family, &storage);
        new ReadOnlySpan<byte>(&storage, length).CopyTo(bytes);
        return length;
    }

    internal static RawAddress Decode(ReadOnlySpan<byte> bytes)
    {
        sockaddr_storage storage = default;
        bytes.CopyTo(new Span<byte>(&storage, sizeof(sockaddr_storage)));
        return Decode(&storage);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static RawAddress Decode(sockaddr_storage* storage)
    {
        if (storage->ss_family == LibC.AF_INET)
        {
            sockaddr_in* v4 = (sockaddr_in*)storage;
            return new RawAddress(
                new ReadOnlySpan<byte>(v4->sin_addr.s_addr, 4), BinaryPrimitives.ReverseEndianness(v4->sin_port), 0);
        }

        if (storage->ss_family == LibC.AF_INET6)
        {
            sockaddr_in6* v6 = (sockaddr_in6*)storage;
            ReadOnlySpan<byte> bytes = new(v6->sin6_addr.s6_addr, 16);
            int port = BinaryPrimitives.ReverseEndianness(v6->sin6_port);
            return IsMapped(bytes) ? new RawAddress(bytes[12..], port, 0) : new RawAddress(bytes, port, v6->sin6_scope_id);
        }

        return default;
    }

    private static bool IsMapped(ReadOnlySpan<byte> v6) =>
        !v6[..10].ContainsAnyExcept((byte)0) && v6[10] == 0xff && v6[11] == 0xff;
}
