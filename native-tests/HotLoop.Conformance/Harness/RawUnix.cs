using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace HotLoop.Conformance;

/// <summary>Unix sockets by the bytes of their addresses, which .NET's own would change.</summary>
public static partial class RawUnix
{
    /// <summary>A datagram socket bound to exactly these bytes of sun_path.</summary>
    public static Socket BoundPackets(byte[] path) => Bound(SocketType.Dgram, path);

    /// <summary>A listening socket bound to exactly these bytes of sun_path.</summary>
    public static Socket Listening(byte[] path)
    {
        Socket socket = Bound(SocketType.Stream, path);
        socket.Listen();
        return socket;
    }

    /// <summary>Connects to exactly these bytes of sun_path; the C library's answer.</summary>
    public static int Connect(Socket socket, byte[] path)
    {
        byte[] address = AddressOf(path);
        return connect(socket.SafeHandle, address, address.Length);
    }

    /// <summary>Removes the file of exactly these bytes, up to a NUL.</summary>
    public static void Remove(byte[] path) => Assert.Equal(0, unlink([.. path, 0]));

    private static Socket Bound(SocketType type, byte[] path)
    {
        Socket socket = new(AddressFamily.Unix, type, ProtocolType.Unspecified) { ReceiveTimeout = 5000 };
        byte[] address = AddressOf(path);
        Assert.Equal(0, bind(socket.SafeHandle, address, address.Length));
        return socket;
    }

    private static byte[] AddressOf(byte[] path) => [(byte)AddressFamily.Unix, 0, .. path];

    [LibraryImport("libc")]
    private static partial int bind(SafeHandle socket, byte[] address, int length);

    [LibraryImport("libc")]
    private static partial int unlink(byte[] path);

    [LibraryImport("libc")]
    private static partial int connect(SafeHandle socket, byte[] address, int length);
}
