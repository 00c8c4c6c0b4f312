namespace HotLoop.Native.Linux;

/// <content>Addresses of Unix sockets.</content>
internal static unsafe partial class Syscall
{
    internal static int BindUnix(int fd, string name)
    {
        sockaddr_un address;
        int length = UnixAddressCodec.Encode(name, &address);
        return length < 0 ? length : Result(LibC.bind(fd, &address, (uint)length));
    }

    /// <summary>As <see cref="Connect"/>. A full queue is -EAGAIN: nothing is under way then.</summary>
    internal static int ConnectUnix(int fd, string name)
    {
        sockaddr_un address;
        int length = UnixAddressCodec.Encode(name, &address);
        if (length < 0)
        {
            return length;
        }

        int result = Result(LibC.connect(fd, &address, (uint)length));
        return result == -Errno.EINTR ? -Errno.EINPROGRESS : result;
    }

    /// <summary>Removes a file, by the very name that a socket was bound to.</summary>
    internal static int Unlink(string path) => Result(LibC.unlink(path));

    internal static string LocalUnixName(int fd)
    {
        sockaddr_un address = default;
        uint length = (uint)sizeof(sockaddr_un);
        _ = LibC.getsockname(fd, &address, &length);
        return UnixAddressCodec.Decode(&address);
    }

    internal static string PeerUnixName(int fd)
    {
        sockaddr_un address = default;
        uint length = (uint)sizeof(sockaddr_un);
        _ = LibC.getpeername(fd, &address, &length);
        return UnixAddressCodec.Decode(&address);
    }
}
