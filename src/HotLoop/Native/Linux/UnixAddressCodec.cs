using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <summary>
/// Turns the name of a Unix socket into sockaddr_un and back (unix(7)). A name is a path, which has no NUL, or begins with "@" or NUL: then
/// it is abstract, in no file system, and all of its bytes count. "@" alone is a socket without a name; an empty one asks the kernel for an
/// abstract name of its own.
/// </summary>
internal static unsafe class UnixAddressCodec
{
    private const int FamilySize = sizeof(ushort);
    private const int PathSize = 108;

    /// <summary>Writes <paramref name="name"/>; returns the length in bytes, or -EINVAL when it is too long or no path.</summary>
    internal static int Encode(string name, sockaddr_un* address)
    {
        *address = default;
        address->sun_family = LibC.AF_UNIX;
        if (name.Length == 0)
        {
            return FamilySize;
        }

        Span<byte> bytes = new(address->sun_path, PathSize);
        int length = ByteText.Encode(name, bytes);
        if (length < 0)
        {
            return length;
        }

        if (name[0] is '@' or '\0')
        {
            bytes[0] = 0;
            return FamilySize + length;
        }

        bool isPath = length < PathSize && !bytes[..length].Contains((byte)0); // and there is room for the NUL behind it
        return isPath ? FamilySize + length + 1 : -Errno.EINVAL;
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

    /// <param name="address">As long as the kernel says: the length tells where an abstract name ends.</param>
    internal static string Decode(ReadOnlySpan<byte> address)
    {
        if (address.Length <= FamilySize)
        {
            return "@";
        }

        ReadOnlySpan<byte> name = address[FamilySize..];
        if (name[0] == 0)
        {
            return "@" + ByteText.Decode(name[1..]);
        }

        int end = name.IndexOf((byte)0);
        string path = ByteText.Decode(end < 0 ? name : name[..end]);
        return path[0] == '@' ? "./" + path : path; // "@..." would be an abstract name
    }
}
