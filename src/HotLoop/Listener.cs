using System.Net;
using HotLoop.Conns;
using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Parking;
using HotLoop.Serving;
using HotLoop.Sockets;
using Microsoft.Win32.SafeHandles;

namespace HotLoop;

/// <summary>A listening socket: Go's <c>net.TCPListener</c> and <c>net.UnixListener</c>.</summary>
/// <remarks>
/// Every member may be called from any thread. Accepts are served one after the other, in order of arrival. After <see cref="Close"/> every
/// operation fails with kind <see cref="OpErrorKind.Closed"/>; <see cref="Address"/> remains. Accepted connections live on.
/// A listener that nobody can reach any more is closed by the garbage collector, as in Go.
/// </remarks>
public sealed class Listener : IDisposable
{
    private readonly SocketHandle _handle;
    private readonly Accepting _accepting;
    private readonly Loop _home;
    private readonly LoopGroup? _spread;
    private readonly Network _network;
    private readonly NetAddress? _presumedLocal;

    // Any thread writes it; the first Close reads it.
    private volatile bool _unlink;

    // 0 -> 1 by the first Close or Dispose, on any thread: that one removes the file.
    private int _closing;

    private Listener(SocketHandle handle, Network network, NetAddress address, Loop home, LoopGroup? spread)
    {
        _handle = handle;
        _accepting = new Accepting(this);
        _network = network;
        Address = address;
        _home = home;
        _spread = spread;

        // The connections of a listener on one address have that local address, unless they were redirected: no call is needed until somebody asks.
        bool isOne = !network.IsUnix && !address.Ip!.Equals(IPAddress.Any) && !address.Ip.Equals(IPAddress.IPv6Any);
        _presumedLocal = isOne ? address.AsPresumed() : null;
    }

    /// <summary>Closes a listener that was dropped without being closed.</summary>
    ~Listener() => _handle.Abandon();

    /// <summary>Where it listens, with the port that the kernel chose for port 0. Go: Addr.</summary>
    public NetAddress Address { get; }

    /// <summary>Waits for a connection and takes it. Go: Accept.</summary>
    /// <returns>
    /// A connection owned by the caller, with TCP_NODELAY and keep-alive set. It lives on the calling loop if that is one of the
    /// listener's loops, else on each of them in turn.
    /// </returns>
    /// <exception cref="OpError">
    /// Deadline; Close; or the kernel refused, for example for want of descriptors (then <see cref="OpError.Temporary"/>, and the
    /// connection stays in the queue).
    /// </exception>
    public ValueTask<Conn> AcceptAsync() =>
        _handle.Start<ThrowingAcceptCall, ValueTask<Conn>>(new ThrowingAcceptCall(this, _accepting));

    /// <summary>As <see cref="AcceptAsync"/>, with the error as a value. Go: Accept.</summary>
    public ValueTask<AcceptResult> TryAcceptAsync() =>
        _handle.Start<AcceptCall, ValueTask<AcceptResult>>(new AcceptCall(this, _accepting));

    /// <summary>Sets the deadline of accepts: a moment, sticky, also for one that waits. Go: SetDeadline.</summary>
    /// <exception cref="OpError">The listener is closed.</exception>
    public void SetDeadline(Deadline deadline)
    {
        if (!_handle.TrySetDeadline(deadline.Nanoseconds, ofReads: true, ofWrites: false))
        {
            throw ClosedError("set");
        }
    }

    /// <summary>
    /// Stops listening: waiting accepts end with kind <see cref="OpErrorKind.Closed"/>, connections not yet accepted are reset. Off the loop,
    /// the port is free when this returns. The file of a Unix socket is removed (see <see cref="SetUnlinkOnClose"/>). Go: Close.
    /// </summary>
    /// <exception cref="OpError">It was closed before.</exception>
    public void Close()
    {
        if (!TryClose())
        {
            throw ClosedError("close");
        }
    }

    /// <summary>As <see cref="Close"/>; does nothing when closed before. Go: Close, its error ignored.</summary>
    public void Dispose()
    {
        TryClose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Whether Close removes the file of the Unix socket: on by default for one that Listen made, off for one that was taken over. No effect
    /// on abstract names and other networks. Go: UnixListener.SetUnlinkOnClose.
    /// </summary>
    /// <remarks>After Close it has no effect.</remarks>
    public void SetUnlinkOnClose(bool on) => _unlink = on;

    /// <summary>The raw descriptor. Valid after Close too: then its members fail. Go: SyscallConn.</summary>
    public RawConn SyscallConn() => new(this);

    /// <summary>
    /// Another descriptor of the same socket, owned by the caller: the port is in use until both are closed.
    /// <see cref="Net.FileListener"/> makes it a listener, in this process or another. Go: File.
    /// </summary>
    /// <exception cref="OpError">The listener is closed, or no descriptor is free.</exception>
    public SafeFileHandle DuplicateHandle()
    {
        int result = _handle.Duplicate();
        return result >= 0
            ? new SafeFileHandle(result, ownsHandle: true)
            : throw OpError.FromCode("file", _network.Name, null, Address, result, "fcntl");
    }

    internal OpError CreateError(int code) => OpError.FromCode("accept", _network.Name, null, Address, code, "accept4");

    /// <summary>A listener over a descriptor.</summary>
    /// <param name="fd">Of a listening socket; taken over.</param>
    /// <param name="network">Of it.</param>
    /// <param name="home">The loop that watches it.</param>
    /// <param name="spread">Where accepted connections go; null: to <paramref name="home"/>.</param>
    /// <param name="ownsPath">Close removes the file of a Unix socket.</param>
    internal static Listener Adopt(int fd, Network network, Loop home, LoopGroup? spread, bool ownsPath) =>
        Adopt(fd, network, Endpoint.LocalOf(fd, network), home, spread, ownsPath);

    /// <summary>As above, where the address is known.</summary>
    internal static Listener Adopt(int fd, Network network, NetAddress address, Loop home, LoopGroup? spread, bool ownsPath)
    {
        Listener listener = new(home.Core.Sockets.Open(fd), network, address, home, spread);
        listener.SetUnlinkOnClose(ownsPath);
        return listener;
    }

    /// <summary>A listener over a descriptor that others have duplicates of, and whose options accepted connections may not inherit.</summary>
    internal static Listener Import(int fd, Network network, Loop home, LoopGroup? spread)
    {
        if (network.IsTcp)
        {
            SocketOptions.ApplyDefaults(fd, TimeSpan.Zero);
        }

        return AdoptShared(fd, network, home, spread);
    }

    /// <summary>A listener over a duplicate of another one's descriptor, whose options stay as they are.</summary>
    internal static Listener AdoptShared(int fd, Network network, Loop home, LoopGroup? spread)
    {
        Listener listener = Adopt(fd, network, home, spread, ownsPath: false);
        listener.Share();
        return listener;
    }

    /// <summary>Others may have the same listening socket.</summary>
    internal void Share() => _ = _handle.TryShare();

    internal void UseDescriptor(string operation, Action<int> use)
    {
        if (!_handle.TryUse(use))
        {
            throw ClosedError(operation);
        }
    }

    /// <summary>
    /// A connection that waits in the kernel's queue, without waiting for one. On the loop, which runs the accepts that are parked: so no other
    /// is under way, and no lock is needed.
    /// </summary>
    internal Conn? TakeQueued()
    {
        if (!_handle.TryReference())
        {
            return null;
        }

        int code;
        RawAddress peer;
        do
        {
            code = _handle.Socket.Poll.TryAccept(out peer);
        }
        while (code == -Errno.ECONNABORTED);
        _handle.Release();
        return code < 0 ? null : MakeConn(code, peer, _home);
    }

    /// <summary>The connection behind an accepted descriptor.</summary>
    /// <param name="fd">Taken over.</param>
    /// <param name="peer">The other end, where it is an IP address.</param>
    /// <param name="caller">The loop of the accepting code, or null.</param>
    internal Conn MakeConn(int fd, in RawAddress peer, Loop? caller)
    {
        Loop loop = _spread is null ? _home : caller is not null && caller.Group == _spread ? caller : _spread.Next();
        if (_network.IsUnix)
        {
            return ConnFactory.Adopt(fd, _network, new NetAddress(_network.Plain, Kernel.Current.PeerUnixName(fd)), loop);
        }

        return new Conn(loop.Core.Sockets.Open(fd), _network, peer, _presumedLocal);
    }

    private bool TryClose()
    {
        // The file goes while the socket is still open, for afterwards the path may be another listener's; and the first caller removes it,
        // under a reference, which every other Close waits for. A loop that ends closes without a reference: then the file stays.
        if (_unlink && _handle.TryReference())
        {
            if (Interlocked.Exchange(ref _closing, 1) == 0)
            {
                RemoveFile();
            }

            _handle.Release();
        }

        bool closed = _handle.Close();
        if (closed)
        {
            GC.SuppressFinalize(this);
        }

        return closed;
    }

    private void RemoveFile()
    {
        if (Address.Path is { } path && !path.StartsWith('@'))
        {
            _ = Kernel.Current.Unlink(path); // gone already, or not ours any more
        }
    }

    private OpError ClosedError(string operation) =>
        OpError.FromCode(operation, _network.Name, null, Address, Outcome.Closed, operation);
}
