using System.Net;
using HotLoop.Native;
using HotLoop.Parking;
using HotLoop.Serving;
using HotLoop.Sockets;

namespace HotLoop;

/// <summary>A listening TCP socket: Go's <c>net.TCPListener</c>.</summary>
/// <remarks>
/// Every member may be called from any thread. Accepts are served one after the other, in order of arrival. After <see cref="Close"/> every
/// operation fails with kind <see cref="OpErrorKind.Closed"/>; <see cref="Address"/> remains. Accepted connections live on.
/// A listener that nobody can reach any more is closed by the garbage collector, as in Go.
/// </remarks>
public sealed class Listener : IDisposable
{
    private readonly SocketFd _socket;
    private readonly uint _generation;
    private readonly Loop _home;
    private readonly LoopGroup? _spread;
    private readonly NetAddress? _sharedLocal;

    internal Listener(SocketFd socket, uint generation, NetAddress address, Loop home, LoopGroup? spread)
    {
        _socket = socket;
        _generation = generation;
        Address = address;
        _home = home;
        _spread = spread;

        // Every connection of a listener on one address has that local address: no call is needed to learn it.
        bool isWildcard = address.Ip!.Equals(IPAddress.Any) || address.Ip.Equals(IPAddress.IPv6Any);
        _sharedLocal = isWildcard ? null : address;
    }

    /// <summary>Closes a listener that was dropped without being closed.</summary>
    ~Listener() => _socket.Close(_generation);

    /// <summary>Where it listens, with the port that the kernel chose for port 0. Go: Addr.</summary>
    public NetAddress Address { get; }

    private AcceptSlot Slot => (AcceptSlot)_socket.Reader;

    /// <summary>Waits for a connection and takes it. Go: Accept.</summary>
    /// <returns>
    /// A connection owned by the caller, with TCP_NODELAY and keep-alive set. It lives on the calling loop if that is one of the
    /// listener's loops, else on each of them in turn.
    /// </returns>
    /// <exception cref="OpError">
    /// Deadline; Close; or the kernel refused, for example for want of descriptors (then <see cref="OpError.Temporary"/>, and the
    /// connection stays in the queue).
    /// </exception>
    public ValueTask<Conn> AcceptAsync()
    {
        LockResult found = _socket.TryAcquire(Direction.Read, _generation);
        if (found != LockResult.Acquired)
        {
            return AcceptQueuedOrThrow(found);
        }

        if (!TryAcceptLocked(out AcceptResult result))
        {
            return new ValueTask<Conn>(Slot, Slot.Version);
        }

        return result.Conn is { } conn ? new ValueTask<Conn>(conn) : ValueTask.FromException<Conn>(result.Error!);
    }

    /// <summary>As <see cref="AcceptAsync"/>, with the error as a value.</summary>
    public ValueTask<AcceptResult> TryAcceptAsync()
    {
        LockResult found = _socket.TryAcquire(Direction.Read, _generation);
        if (found != LockResult.Acquired)
        {
            return AcceptQueued(found);
        }

        return TryAcceptLocked(out AcceptResult result)
            ? new ValueTask<AcceptResult>(result)
            : new ValueTask<AcceptResult>(Slot, Slot.Version);
    }

    /// <summary>Sets the deadline of accepts: a moment, sticky, also for one that waits. Go: SetDeadline.</summary>
    /// <exception cref="OpError">The listener is closed.</exception>
    public void SetDeadline(Deadline deadline)
    {
        if (!_socket.TryReference(_generation))
        {
            throw OpError.FromCode("set", "tcp", null, Address, Outcome.Closed, "set");
        }

        _socket.Reader.SetDeadline(deadline.Nanoseconds);
        _socket.Release();
    }

    /// <summary>
    /// Stops listening: waiting accepts end with kind <see cref="OpErrorKind.Closed"/>, connections not yet accepted are reset. Off the loop,
    /// the port is free when this returns. Go: Close.
    /// </summary>
    /// <exception cref="OpError">It was closed before.</exception>
    public void Close()
    {
        if (!TryClose())
        {
            throw OpError.FromCode("close", "tcp", null, Address, Outcome.Closed, "close");
        }
    }

    /// <summary>As <see cref="Close"/>; does nothing when closed before.</summary>
    public void Dispose()
    {
        TryClose();
        GC.SuppressFinalize(this);
    }

    private bool TryClose()
    {
        if (!_socket.Close(_generation))
        {
            return false;
        }

        GC.SuppressFinalize(this);
        if (Scheduler.Current is null)
        {
            _socket.AwaitDestruction(_generation);
        }

        return true;
    }

    internal OpError CreateError(int code) => OpError.FromCode("accept", "tcp", null, Address, code, "accept4");

    /// <summary>The connection behind an accepted descriptor.</summary>
    /// <param name="fd">Taken over.</param>
    /// <param name="peer">The other end.</param>
    /// <param name="caller">The loop of the accepting code, or null.</param>
    internal Conn MakeConn(int fd, in RawAddress peer, Loop? caller)
    {
        Loop loop = _spread is null ? _home : caller is not null && caller.Group == _spread ? caller : _spread.Next();
        SocketFd accepted = loop.Thread.Sockets.Open(fd, out uint generation);
        return new Conn(accepted, generation, peer, _sharedLocal);
    }

    // The caller holds the read lock and a reference; when true they have been given back.
    private bool TryAcceptLocked(out AcceptResult result)
    {
        if (!Slot.TryAccept(this, Loop.Current, out result))
        {
            return false;
        }

        _socket.EndOperation(Direction.Read);
        return true;
    }

    private async ValueTask<AcceptResult> AcceptQueued(LockResult found)
    {
        if (found == LockResult.Closed || !await _socket.AcquireAsync(Direction.Read, _generation))
        {
            return new AcceptResult(null, CreateError(Outcome.Closed));
        }

        return TryAcceptLocked(out AcceptResult result) ? result : await new ValueTask<AcceptResult>(Slot, Slot.Version);
    }

    private async ValueTask<Conn> AcceptQueuedOrThrow(LockResult found)
    {
        AcceptResult result = await AcceptQueued(found);
        return result.Conn ?? throw result.Error!;
    }
}
