using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Sockets;
using Microsoft.Win32.SafeHandles;

namespace HotLoop;

/// <content>The descriptor itself.</content>
public sealed partial class Conn
{
    /// <summary>
    /// Another descriptor of the same socket, owned by the caller: the peer sees a close only when both are closed. It is non-blocking, as the
    /// two share that setting (Go's turns blocking when its number is taken). Go: File.
    /// </summary>
    /// <remarks>
    /// Bytes that the loop has received ahead (<see cref="BackendKind.IoUring"/>) stay with this connection. A <c>SafeSocketHandle</c> that owned it would reset the
    /// connection, for both, when it is disposed.
    /// </remarks>
    /// <exception cref="OpError">The connection is closed, or no descriptor is free.</exception>
    public SafeFileHandle DuplicateHandle()
    {
        Reference("file", sourceOnly: false);
        _socket.MayHaveDuplicates();
        int result = Kernel.Current.Duplicate(_socket.Descriptor);
        _socket.Release();
        return result >= 0 ? new SafeFileHandle(result, ownsHandle: true) : throw CreateError("file", result, "fcntl");
    }

    /// <summary>As <see cref="Adopt"/>, of a descriptor that others have duplicates of.</summary>
    internal static Conn Import(int fd, Network network, NetAddress? peer, Loop loop)
    {
        if (network.IsTcp)
        {
            _ = SocketOptions.SetNoDelay(fd, on: true);
        }

        Conn conn = Adopt(fd, network, peer, loop);
        conn.MayHaveDuplicates();
        return conn;
    }

    /// <summary>The number was in other hands.</summary>
    internal void MayHaveDuplicates()
    {
        if (_socket.TryReference(_generation))
        {
            _socket.MayHaveDuplicates();
            _socket.Release();
        }
    }

    /// <summary>Other: once it is closed.</summary>
    internal SocketFamily FindFamily()
    {
        SocketTraits traits = default;
        if (_socket.TryReference(_generation))
        {
            _ = Kernel.Current.Describe(_socket.Descriptor, out traits);
            _socket.Release();
        }

        return traits.Family;
    }

    internal void UseDescriptor(string operation, Action<int> use)
    {
        Reference(operation, sourceOnly: true);
        try
        {
            _socket.MayHaveDuplicates(); // who has the number can make one
            use(_socket.Descriptor);
        }
        finally
        {
            _socket.Release();
        }
    }
}
