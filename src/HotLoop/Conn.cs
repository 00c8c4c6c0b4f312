using System.Diagnostics.CodeAnalysis;
using HotLoop.Loops;
using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Native.Linux;
using HotLoop.Parking;
using HotLoop.Serving;
using HotLoop.Sockets;

namespace HotLoop;

/// <summary>
/// A connection, TCP or Unix: Go's <c>net.TCPConn</c> and <c>net.UnixConn</c>. It lives on one loop for its whole life.
/// </summary>
/// <remarks>
/// <para>
/// Every member may be called from any thread. Reads are served one after the other in order of arrival, writes never interleave, and reads,
/// writes and <see cref="Close"/> are independent of each other. Buffers belong to the operation until its task has ended.
/// A returned <see cref="ValueTask"/> is awaited exactly once, as always; a read (write) whose task is never awaited keeps later reads
/// (writes) of this connection waiting, until Close; two started at once are awaited in the order they were started, or turned into
/// tasks with <see cref="ValueTask{TResult}.AsTask"/>.
/// </para>
/// <para>
/// Deadlines are moments, not time-outs of a call: they hold for what waits and for every later operation of their
/// direction until set again. An expired one fails an operation even when data is there.
/// </para>
/// <para>
/// After <see cref="Close"/> every operation fails with kind <see cref="OpErrorKind.Closed"/>; the addresses remain. A connection that
/// nobody can reach any more is closed by the garbage collector, as in Go; do not rely on when.
/// </para>
/// </remarks>
public sealed partial class Conn : IErrorSource, IDisposable
{
    private readonly SocketFd _socket;
    private readonly uint _generation;
    private readonly Network _network;
    private readonly RawAddress _remoteRaw;
    private NetAddress? _remote;
    private NetAddress? _local;

    internal Conn(SocketFd socket, uint generation, Network network, in RawAddress remote, NetAddress? local)
    {
        _socket = socket;
        _generation = generation;
        _network = network;
        _remoteRaw = remote;
        _local = local;
    }

    /// <summary>A connection whose addresses are known; without a remote one, it has no fixed peer.</summary>
    internal Conn(SocketFd socket, uint generation, Network network, NetAddress? remote, NetAddress local)
    {
        _socket = socket;
        _generation = generation;
        _network = network;
        _remote = remote;
        _local = local;
    }

    /// <summary>Closes a connection that was dropped without being closed.</summary>
    ~Conn() => _socket.Close(_generation);

    /// <summary>The loop it lives on.</summary>
    public Loop Loop => ((LoopCore)_socket.Scheduler).Face!;

    /// <summary>This end. Known after Close too. Go: LocalAddr.</summary>
    public NetAddress LocalAddress => _local ?? ReadLocalAddress();

    /// <summary>The other end. Known after Close too. Go: RemoteAddr.</summary>
    public NetAddress RemoteAddress => Peer!;

    /// <summary>As <see cref="RemoteAddress"/>; null for a socket without a fixed peer.</summary>
    internal NetAddress? Peer =>
        _remote ?? (_remoteRaw.Length == 0 ? null : _remote = Endpoint.ToNetAddress(_network.Plain, _remoteRaw));

    internal Network Network => _network;

    /// <summary>The number of its descriptor, -1 once that is closed. Only a hint: it may be closed at any moment.</summary>
    internal int DescriptorHint => _socket.Descriptor;

    // Neighbours in the list of a server's connections.
    internal Conn? ListNext { get; set; }

    internal Conn? ListPrevious { get; set; }

    private ReadSlot Reader => (ReadSlot)_socket.Reader;

    /// <summary>Reads what is there, at least one byte; waits when nothing is. Go: Read.</summary>
    /// <param name="buffer">Receives the bytes. An empty one completes at once with 0.</param>
    /// <returns>Bytes read, at most the buffer's length; 0 at the end of the stream.</returns>
    /// <exception cref="OpError">Deadline, Close, or a connection error (reset).</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        LockResult result = _socket.TryAcquire(Direction.Read, _generation);
        if (result != LockResult.Acquired)
        {
            return ReadQueuedOrThrow(result, buffer);
        }

        return TryReadLocked(buffer, out int code)
            ? code >= 0 ? new ValueTask<int>(code) : ValueTask.FromException<int>(CreateError("read", code))
            : new ValueTask<int>(Reader, Reader.Version);
    }

    /// <summary>As <see cref="ReadAsync"/>, with the error as a value: never throws for what the network does. Go: Read.</summary>
    /// <returns>Count 0 without an error is the end of the stream; an error always comes with count 0.</returns>
    public ValueTask<IoResult> TryReadAsync(Memory<byte> buffer)
    {
        LockResult result = _socket.TryAcquire(Direction.Read, _generation);
        if (result != LockResult.Acquired)
        {
            return ReadQueued(result, buffer);
        }

        return TryReadLocked(buffer, out int code)
            ? new ValueTask<IoResult>(ReadSlot.ToIoResult(code, this))
            : new ValueTask<IoResult>(Reader, Reader.Version);
    }

    /// <summary>
    /// Reads what is there into a buffer of the loop's pool, which is rented when data is there: a waiting connection holds none.
    /// </summary>
    /// <returns>To be disposed. Length 0: the end of the stream.</returns>
    /// <exception cref="OpError">As <see cref="ReadAsync"/>.</exception>
    public ValueTask<ReadLease> ReadLeaseAsync() => LeaseAsync(throws: true);

    /// <summary>As <see cref="ReadLeaseAsync"/>, with the error in the lease.</summary>
    public ValueTask<ReadLease> TryReadLeaseAsync() => LeaseAsync(throws: false);

    /// <summary>Writes all of <paramref name="buffer"/>; waits while the kernel has no room. Go: Write.</summary>
    /// <returns>Ends when the last byte is with the kernel. An empty buffer asks whether the connection can be written to.</returns>
    /// <exception cref="OpError">
    /// Deadline, Close, CloseWrite or a connection error (reset, broken pipe); a part may have been written:
    /// <see cref="TryWriteAsync(ReadOnlyMemory{byte})"/> tells how much.
    /// </exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer)
    {
        LockResult result = _socket.TryAcquire(Direction.Write, _generation);
        if (result != LockResult.Acquired)
        {
            return WriteQueuedOrThrow(result, buffer);
        }

        if (!_socket.TrySend(buffer, this, out int code, out _))
        {
            return new ValueTask(_socket.Writer, _socket.Writer.Version);
        }

        _socket.EndOperation(Direction.Write);
        return code >= 0 ? default : ValueTask.FromException(CreateError("write", code));
    }

    /// <summary>As <see cref="WriteAsync(ReadOnlyMemory{byte})"/>, with the error as a value. Go: Write.</summary>
    /// <returns>Bytes that are with the kernel; fewer than the buffer's only with an error.</returns>
    public ValueTask<IoResult> TryWriteAsync(ReadOnlyMemory<byte> buffer)
    {
        LockResult result = _socket.TryAcquire(Direction.Write, _generation);
        if (result != LockResult.Acquired)
        {
            return WriteQueued(result, buffer);
        }

        if (!_socket.TrySend(buffer, this, out int code, out int sent))
        {
            return new ValueTask<IoResult>(_socket.Writer, _socket.Writer.Version);
        }

        _socket.EndOperation(Direction.Write);
        return new ValueTask<IoResult>(WriteSlot.ToIoResult(code, sent, this));
    }

    /// <summary>Sets the deadline of reads and writes. Go: SetDeadline.</summary>
    /// <exception cref="OpError">The connection is closed.</exception>
    public void SetDeadline(Deadline deadline)
    {
        Reference("set", sourceOnly: true);
        _socket.Reader.SetDeadline(deadline.Nanoseconds);
        _socket.Writer.SetDeadline(deadline.Nanoseconds);
        _socket.Release();
    }

    /// <summary>Sets the deadline of reads. Go: SetReadDeadline.</summary>
    /// <exception cref="OpError">The connection is closed.</exception>
    public void SetReadDeadline(Deadline deadline)
    {
        Reference("set", sourceOnly: true);
        _socket.Reader.SetDeadline(deadline.Nanoseconds);
        _socket.Release();
    }

    /// <summary>Sets the deadline of writes. Go: SetWriteDeadline.</summary>
    /// <exception cref="OpError">The connection is closed.</exception>
    public void SetWriteDeadline(Deadline deadline)
    {
        Reference("set", sourceOnly: true);
        _socket.Writer.SetDeadline(deadline.Nanoseconds);
        _socket.Release();
    }

    /// <summary>
    /// Closes the connection: what waits ends with kind <see cref="OpErrorKind.Closed"/>, bytes already written are still delivered. With
    /// received bytes unread the peer gets a reset (tcp(7)). Go: Close.
    /// </summary>
    /// <remarks>
    /// Off the loop, the descriptor is really closed when this returns, unless a handler keeps the loop busy for more than 100 ms. On the
    /// loop it never waits: a system call that another thread is in just then may outlive it by microseconds.
    /// </remarks>
    /// <exception cref="OpError">It was closed before.</exception>
    public void Close()
    {
        if (!TryClose())
        {
            throw CreateError("close", Outcome.Closed);
        }
    }

    /// <summary>As <see cref="Close"/>; does nothing when closed before. Go: Close, its error ignored.</summary>
    public void Dispose()
    {
        TryClose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Ends reading: a waiting read, and later ones, see the end of the stream once received bytes are used up. The peer notices
    /// nothing. Go: CloseRead.
    /// </summary>
    /// <exception cref="OpError">The connection is closed or broken.</exception>
    public void CloseRead() => Shutdown(LibC.SHUT_RD);

    /// <summary>
    /// Ends writing (half-close): the peer sees the end of the stream after what was written; reading goes on. A waiting write fails with
    /// "broken pipe". Go: CloseWrite.
    /// </summary>
    /// <exception cref="OpError">The connection is closed or broken.</exception>
    public void CloseWrite() => Shutdown(LibC.SHUT_WR);

    /// <summary>
    /// Runs <paramref name="handler"/> for this connection on its loop and closes the connection when it ends, however it ends. Go:
    /// <c>go handle(c)</c>.
    /// </summary>
    /// <returns>
    /// Ends when the handler has ended and the connection is closed. It never fails: an exception of the handler is reported once, to
    /// <see cref="LoopOptions.OnHandlerFault"/>.
    /// </returns>
    public Task Go(Func<Conn, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return HandlerRunner.Run(this, handler);
    }

    /// <summary>A connection over a descriptor.</summary>
    /// <param name="fd">Of a connected or datagram socket; taken over.</param>
    /// <param name="network">Of it.</param>
    /// <param name="peer">The other end; null: no fixed one.</param>
    /// <param name="loop">Where it is to live.</param>
    internal static Conn Adopt(int fd, Network network, NetAddress? peer, Loop loop)
    {
        NetAddress local = Endpoint.LocalOf(fd, network);
        SocketFd socket = loop.Core.Sockets.Open(fd, out uint generation);
        socket.SetNetwork(network, generation);
        return new Conn(socket, generation, network, peer, local);
    }

    OpError IErrorSource.CreateError(string operation, int code) => CreateError(operation, code);

    /// <summary>Whether this call closed it.</summary>
    internal bool TryClose()
    {
        _ = LocalAddress; // the text of later errors names it, and the kernel forgets it with the descriptor
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

    internal OpError CreateError(string operation, int code) => CreateError(operation, code, operation);

    internal OpError CreateError(string operation, int code, string call) =>
        OpError.FromCode(operation, _network.Name, LocalAddress, Peer, code, call);

    private void Shutdown(int how)
    {
        Reference("close", sourceOnly: false);
        int result = _socket.Table.Poller.Shutdown(_socket.Target, how);
        _socket.Release();
        if (result < 0)
        {
            throw CreateError("close", result, "shutdown");
        }
    }

    private void Reference(string operation, bool sourceOnly)
    {
        if (!_socket.TryReference(_generation))
        {
            ThrowClosed(operation, sourceOnly);
        }
    }

    [DoesNotReturn]
    private void ThrowClosed(string operation, bool sourceOnly) => throw (sourceOnly
        ? OpError.FromCode(operation, _network.Name, null, LocalAddress, Outcome.Closed, operation)
        : CreateError(operation, Outcome.Closed));

    private NetAddress ReadLocalAddress()
    {
        NetAddress found = new(_network.Plain, null, 0);
        if (_socket.TryReference(_generation))
        {
            found = Endpoint.LocalOf(_socket.Descriptor, _network);
            _socket.Release();
        }

        return _local ??= found;
    }
}
