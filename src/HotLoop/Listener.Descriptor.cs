using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Sockets;
using Microsoft.Win32.SafeHandles;

namespace HotLoop;

/// <content>The descriptor itself.</content>
public sealed partial class Listener
{
    /// <summary>The raw descriptor. Valid after Close too: then its members fail. Go: SyscallConn.</summary>
    public RawConn SyscallConn() => new(this);

    /// <summary>
    /// Another descriptor of the same socket, owned by the caller: the port is in use until both are closed.
    /// <see cref="Net.FileListener"/> makes it a listener, in this process or another. Go: File.
    /// </summary>
    /// <exception cref="OpError">The listener is closed, or no descriptor is free.</exception>
    public SafeFileHandle DuplicateHandle()
    {
        int result = 0;
        UseDescriptor("file", fd => result = Kernel.Current.Duplicate(fd));
        return result >= 0
            ? new SafeFileHandle(result, ownsHandle: true)
            : throw OpError.FromCode("file", _network.Name, null, Address, result, "fcntl");
    }

    /// <summary>A listener over a descriptor that others have duplicates of, and whose options accepted connections may not inherit.</summary>
    internal static Listener Import(int fd, Network network, Loop home, LoopGroup? spread)
    {
        if (network.IsTcp)
        {
            SocketOptions.ApplyDefaults(fd, TimeSpan.Zero);
        }

        return Share(fd, network, home, spread);
    }

    /// <summary>A listener over a duplicate of another one's descriptor, whose options stay as they are.</summary>
    internal static Listener Share(int fd, Network network, Loop home, LoopGroup? spread)
    {
        Listener listener = Adopt(fd, network, home, spread, ownsPath: false);
        listener.MayHaveDuplicates();
        return listener;
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

    internal void UseDescriptor(string operation, Action<int> use)
    {
        if (!_socket.TryReference(_generation))
        {
            throw ClosedError(operation);
        }

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
