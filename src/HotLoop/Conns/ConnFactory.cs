using HotLoop.Naming;
using HotLoop.Sockets;

namespace HotLoop.Conns;

/// <summary>Makes connections of descriptors.</summary>
internal static class ConnFactory
{
    /// <summary>A connection over a descriptor.</summary>
    /// <param name="fd">Of a connected or datagram socket; taken over.</param>
    /// <param name="network">Of it.</param>
    /// <param name="peer">The other end; null: no fixed one.</param>
    /// <param name="loop">Where it is to live.</param>
    internal static Conn Adopt(int fd, Network network, NetAddress? peer, Loop loop)
    {
        NetAddress local = Endpoint.LocalOf(fd, network);
        SocketHandle handle = loop.Core.Sockets.Open(fd);
        handle.SetNetwork(network);
        return new Conn(handle, network, peer, local);
    }

    /// <summary>As <see cref="Adopt"/>, of a descriptor that others have duplicates of.</summary>
    internal static Conn Import(int fd, Network network, NetAddress? peer, Loop loop)
    {
        if (network.IsTcp)
        {
            _ = SocketOptions.SetNoDelay(fd, on: true);
        }

        Conn conn = Adopt(fd, network, peer, loop);
        _ = conn.Handle.TryShare();
        return conn;
    }
}
