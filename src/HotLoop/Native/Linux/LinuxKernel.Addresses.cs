using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <content>Addresses of sockets and interfaces, and how they are written.</content>
internal sealed unsafe partial class LinuxKernel
{
    internal override int Bind(int fd, in RawAddress address, SocketFamily family)
    {
        sockaddr_storage storage;
        uint length = SocketAddressCodec.Encode(address, family, &storage);
        return Syscall.Result(LibC.bind(fd, (sockaddr*)&storage, length));
    }

    internal override int BindUnix(int fd, string name)
    {
        sockaddr_un address;
        int length = UnixAddressCodec.Encode(name, &address);
        return length < 0 ? length : Syscall.Result(LibC.bind(fd, (sockaddr*)&address, length));
    }

    /// <summary>EINTR is not retried: connect(2) then goes on by itself, as after EINPROGRESS.</summary>
    internal override int Connect(int fd, in RawAddress address, SocketFamily family)
    {
        sockaddr_storage storage;
        uint length = SocketAddressCodec.Encode(address, family, &storage);
        int result = Syscall.Result(LibC.connect(fd, (sockaddr*)&storage, length));
        return result == -Errno.EINTR ? -Errno.EINPROGRESS : result;
    }

    /// <summary>As <see cref="Connect"/>.</summary>
    internal override int ConnectUnix(int fd, string name)
    {
        sockaddr_un address;
        int length = UnixAddressCodec.Encode(name, &address);
        if (length < 0)
        {
            return length;
        }

        int result = Syscall.Result(LibC.connect(fd, (sockaddr*)&address, length));
        return result == -Errno.EINTR ? -Errno.EINPROGRESS : result;
    }

    internal override int LocalAddress(int fd, out RawAddress address)
    {
        sockaddr_storage storage = default;
        socklen_t length = sizeof(sockaddr_storage);
        int result = Syscall.Result(LibC.getsockname(fd, (sockaddr*)&storage, &length));
        address = SocketAddressCodec.Decode(&storage);
        return result;
    }

    internal override int PeerAddress(int fd, out RawAddress address)
    {
        sockaddr_storage storage = default;
        socklen_t length = sizeof(sockaddr_storage);
        int result = Syscall.Result(LibC.getpeername(fd, (sockaddr*)&storage, &length));
        address = SocketAddressCodec.Decode(&storage);
        return result;
    }

    internal override string LocalUnixName(int fd)
    {
        sockaddr_storage storage;
        socklen_t length = sizeof(sockaddr_storage);
        int result = LibC.getsockname(fd, (sockaddr*)&storage, &length);
        return UnixAddressCodec.Decode(new ReadOnlySpan<byte>(&storage, result < 0 ? 0 : (int)(uint)length));
    }

    internal override string PeerUnixName(int fd)
    {
        sockaddr_storage storage;
        socklen_t length = sizeof(sockaddr_storage);
        int result = LibC.getpeername(fd, (sockaddr*)&storage, &length);
        return UnixAddressCodec.Decode(new ReadOnlySpan<byte>(&storage, result < 0 ? 0 : (int)(uint)length));
    }

    internal override int Encode(in RawAddress address, SocketFamily family, Span<byte> bytes) =>
        SocketAddressCodec.Encode(address, family, bytes);

    internal override int EncodeUnix(string name, Span<byte> bytes) => UnixAddressCodec.Encode(name, bytes);

    internal override RawAddress Decode(ReadOnlySpan<byte> bytes) => SocketAddressCodec.Decode(bytes);

    internal override string DecodeUnix(ReadOnlySpan<byte> bytes) => UnixAddressCodec.Decode(bytes);

    // The kernel would look no further than a ":", as for the label of an address ("eth0:1").
    internal override uint InterfaceIndex(string name)
    {
        byte* bytes = stackalloc byte[ByHand.IF_NAMESIZE];
        Span<byte> span = new(bytes, ByHand.IF_NAMESIZE);
        span.Clear();
        int length = ByteText.Encode(name, span[..^1]);
        return length <= 0 || span[..length].ContainsAny((byte)0, (byte)':') ? 0 : ByHand.if_nametoindex(bytes);
    }

    internal override string? InterfaceName(uint index)
    {
        byte* name = stackalloc byte[ByHand.IF_NAMESIZE];
        return ByHand.if_indextoname(index, name) == null
            ? null
            : ByteText.Decode(new ReadOnlySpan<byte>(name, new ReadOnlySpan<byte>(name, ByHand.IF_NAMESIZE).IndexOf((byte)0)));
    }
}
