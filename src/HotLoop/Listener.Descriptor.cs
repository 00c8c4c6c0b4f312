using System.Net.Sockets;
using HotLoop.Native.Linux;

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
    public SafeSocketHandle DuplicateHandle()
    {
        int result = 0;
        UseDescriptor("file", fd => result = Syscall.Duplicate(fd));
        return result >= 0
            ? new SafeSocketHandle(result, ownsHandle: true)
            : throw OpError.FromCode("file", _network.Name, null, Address, result, "fcntl");
    }

    internal void UseDescriptor(string operation, Action<int> use)
    {
        if (!_socket.TryReference(_generation))
        {
            throw ClosedError(operation);
        }

        try
        {
            use(_socket.Descriptor);
        }
        finally
        {
            _socket.Release();
        }
    }
}
