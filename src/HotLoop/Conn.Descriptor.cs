using System.Net.Sockets;
using HotLoop.Native.Linux;

namespace HotLoop;

/// <content>The descriptor itself.</content>
public sealed partial class Conn
{
    /// <summary>
    /// Another descriptor of the same socket, owned by the caller: the peer sees a close only when both are closed. It is non-blocking, as the
    /// two share that setting (Go's turns blocking when its number is taken). Go: File.
    /// </summary>
    /// <exception cref="OpError">The connection is closed, or no descriptor is free.</exception>
    public SafeSocketHandle DuplicateHandle()
    {
        Reference("file", sourceOnly: false);
        int result = Syscall.Duplicate(_socket.Descriptor);
        _socket.Release();
        return result >= 0 ? new SafeSocketHandle(result, ownsHandle: true) : throw CreateError("file", result, "fcntl");
    }

    internal void UseDescriptor(string operation, Action<int> use)
    {
        Reference(operation, sourceOnly: true);
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
