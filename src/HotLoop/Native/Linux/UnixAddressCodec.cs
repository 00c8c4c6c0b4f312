using System.Text;
using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <summary>
/// Turns the name of a Unix socket into sockaddr_un and back (unix(7)). A name is a path, or begins with "@": then it is abstract, in no
/// file system. "@" alone is a socket without a name; an empty one asks the kernel for an abstract name of its own.
/// </summary>
internal static unsafe class UnixAddressCodec
{
    private const int FamilySize = sizeof(ushort);
    private const int PathSize = 108;

    /// <summary>Writes <paramref name="name"/>; returns the length in bytes, or -EINVAL when it is too long.</summary>
    internal static int Encode(string name, sockaddr_un* address)
    {
        *address = default;
        address->sun_family = LibC.AF_UNIX;
        int length = Encoding.UTF8.GetByteCount(name);
        bool isAbstract = name.StartsWith('@');
        if (length > PathSize || (length == PathSize && !isAbstract))
        {
            return -Errno.EINVAL; // a path needs room for its NUL
        }

        Encoding.UTF8.GetBytes(name, new Span<byte>(address->sun_path, PathSize));
        if (isAbstract)
        {
            address->sun_path[0] = 0;
        }

        return FamilySize + length + (length > 0 && !isAbstract ? 1 : 0);
    }

    /// <summary>As above, into bytes.</summary>
    internal static int Encode(string name, Span<byte> bytes)
    {
        sockaddr_un address;
        int length = Encode(name, &address);
        if (length > 0)
        {
            new ReadOnlySpan<byte>(&address, length).CopyTo(bytes);
        }

        return length;
    }

    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        sockaddr_un address = default;
        bytes[..Math.Min(bytes.Length, sizeof(sockaddr_un))].CopyTo(new Span<byte>(&address, sizeof(sockaddr_un)));
        return Decode(&address);
    }

    /// <summary>The rest of <paramref name="address"/>, behind what the kernel wrote, must be zero.</summary>
    internal static string Decode(sockaddr_un* address)
    {
        Span<byte> path = new(address->sun_path, PathSize);
        bool isAbstract = path[0] == 0;
        if (isAbstract)
        {
            path = path[1..];
        }

        int end = path.IndexOf((byte)0);
        return (isAbstract ? "@" : "") + Encoding.UTF8.GetString(end < 0 ? path : path[..end]);
    }
}
