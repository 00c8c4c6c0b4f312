using System.Net;
using System.Runtime.InteropServices;
using HotLoop.Conns;
using HotLoop.Import;

namespace HotLoop;

/// <summary>The short forms of dialing and listening: Go's package functions <c>net.Dial</c>, <c>net.Listen</c> and so on.</summary>
public static class Net
{
    /// <summary>Connects with the defaults of <see cref="Dialer"/>. Go: net.Dial.</summary>
    /// <inheritdoc cref="Dialer.DialAsync(string, string, CancellationToken)"/>
    public static Task<Conn> DialAsync(string network, string address, CancellationToken cancellationToken = default) =>
        new Dialer().DialAsync(network, address, cancellationToken);

    /// <summary>Connects with the defaults of <see cref="Dialer"/>. Go: net.DialTCP, net.DialUnix.</summary>
    /// <inheritdoc cref="Dialer.DialAsync(EndPoint, CancellationToken)"/>
    public static Task<Conn> DialAsync(EndPoint endPoint, CancellationToken cancellationToken = default) =>
        new Dialer().DialAsync(endPoint, cancellationToken);

    /// <summary>Connects within <paramref name="timeout"/>. Go: net.DialTimeout.</summary>
    /// <inheritdoc cref="Dialer.DialAsync(string, string, CancellationToken)"/>
    public static Task<Conn> DialTimeoutAsync(
        string network, string address, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        new Dialer { Timeout = timeout }.DialAsync(network, address, cancellationToken);

    /// <summary>Makes a datagram socket with a fixed peer. Go: net.Dial of "udp" and "unixgram".</summary>
    /// <inheritdoc cref="Dialer.DialPacketAsync(string, string, CancellationToken)"/>
    public static Task<PacketConn> DialPacketAsync(string network, string address, CancellationToken cancellationToken = default) =>
        new Dialer().DialPacketAsync(network, address, cancellationToken);

    /// <summary>Makes a datagram socket with a fixed peer. Go: net.DialUDP, net.DialUnix.</summary>
    /// <inheritdoc cref="Dialer.DialPacketAsync(EndPoint, CancellationToken)"/>
    public static Task<PacketConn> DialPacketAsync(EndPoint endPoint, CancellationToken cancellationToken = default) =>
        new Dialer().DialPacketAsync(endPoint, cancellationToken);

    /// <summary>Listens with the defaults of <see cref="ListenConfig"/>. Go: net.Listen.</summary>
    /// <inheritdoc cref="ListenConfig.Listen(string, string)"/>
    public static Listener Listen(string network, string address) => new ListenConfig().Listen(network, address);

    /// <summary>Listens with the defaults of <see cref="ListenConfig"/>. Go: net.ListenTCP, net.ListenUnix.</summary>
    /// <inheritdoc cref="ListenConfig.Listen(EndPoint)"/>
    public static Listener Listen(EndPoint endPoint) => new ListenConfig().Listen(endPoint);

    /// <summary>Waits for datagrams with the defaults of <see cref="ListenConfig"/>. Go: net.ListenPacket.</summary>
    /// <inheritdoc cref="ListenConfig.ListenPacket(string, string)"/>
    public static PacketConn ListenPacket(string network, string address) => new ListenConfig().ListenPacket(network, address);

    /// <summary>Waits for datagrams with the defaults of <see cref="ListenConfig"/>. Go: net.ListenUDP, net.ListenUnixgram.</summary>
    /// <inheritdoc cref="ListenConfig.ListenPacket(EndPoint)"/>
    public static PacketConn ListenPacket(EndPoint endPoint) => new ListenConfig().ListenPacket(endPoint);

    /// <summary>
    /// A connection over a duplicate of a descriptor that was made elsewhere: inherited, or sent by another process. TCP gets no delay. Go:
    /// net.FileConn.
    /// </summary>
    /// <param name="handle">Of a connected TCP or Unix socket. Stays the caller's, but becomes non-blocking.</param>
    /// <param name="name">For error texts. Null: its number.</param>
    /// <param name="loops">Where it is to live. Null: <see cref="LoopGroup.Default"/>.</param>
    /// <exception cref="OpError">It is no such socket, or no descriptor is free.</exception>
    public static Conn FileConn(SafeHandle handle, string? name = null, LoopGroup? loops = null) =>
        SocketImport.Run(handle, name, loops, ImportKind.Connection, static (fd, network, group) =>
            ConnFactory.Import(fd, network, SocketImport.PeerOf(fd, network), group.Choose()));

    /// <summary>A listener over a duplicate of a listening descriptor that was made elsewhere. Go: net.FileListener.</summary>
    /// <param name="handle">Of a listening TCP or Unix socket. Stays the caller's, but becomes non-blocking.</param>
    /// <param name="name">For error texts. Null: its number.</param>
    /// <param name="loops">Where it is to live. Null: <see cref="LoopGroup.Default"/>.</param>
    /// <exception cref="OpError">It is no such socket, or no descriptor is free.</exception>
    public static Listener FileListener(SafeHandle handle, string? name = null, LoopGroup? loops = null) =>
        SocketImport.Run(handle, name, loops, ImportKind.Listener, static (fd, network, group) =>
            Listener.Import(fd, network, group.Choose(), group));

    /// <summary>A datagram socket over a duplicate of a descriptor that was made elsewhere. Go: net.FilePacketConn.</summary>
    /// <param name="handle">Of a UDP or Unix datagram socket. Stays the caller's, but becomes non-blocking.</param>
    /// <param name="name">For error texts. Null: its number.</param>
    /// <param name="loops">Where it is to live. Null: <see cref="LoopGroup.Default"/>.</param>
    /// <exception cref="OpError">It is no such socket, or no descriptor is free.</exception>
    public static PacketConn FilePacketConn(SafeHandle handle, string? name = null, LoopGroup? loops = null) =>
        SocketImport.Run(handle, name, loops, ImportKind.Packets, static (fd, network, group) =>
            new PacketConn(ConnFactory.Import(fd, network, SocketImport.PeerOf(fd, network), group.Choose())));
}
