using System.Buffers;
using System.IO.Pipelines;
using HotLoop.Adapters;
using HotLoop.Conns;
using HotLoop.Loops;
using HotLoop.Naming;
using HotLoop.Native;
using HotLoop.Parking;
using HotLoop.Serving;
using HotLoop.Sockets;
using HotLoop.Sockets.Operations;
using Microsoft.Win32.SafeHandles;

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
public sealed class Conn : IErrorSource, IDisposable
{
    private readonly SocketHandle _handle;
    private readonly Network _network;
    private readonly RawAddress _remoteRaw;
    private NetAddress? _remote;
    private NetAddress? _local;

    internal Conn(SocketHandle handle, Network network, in RawAddress remote, NetAddress? local)
    {
        _handle = handle;
        _network = network;
        _remoteRaw = remote;
        _local = local;
    }

    /// <summary>A connection whose addresses are known; without a remote one, it has no fixed peer.</summary>
    internal Conn(SocketHandle handle, Network network, NetAddress? remote, NetAddress local)
        : this(handle, network, default(RawAddress), local) => _remote = remote;

    /// <summary>Closes a connection that was dropped without being closed.</summary>
    ~Conn() => _handle.Abandon();

    /// <summary>The loop it lives on.</summary>
    public Loop Loop => ((LoopCore)_handle.Scheduler).PublicLoop!;

    /// <summary>
    /// This end. Known after Close too; where the kernel redirects (TPROXY, sk_lookup) it is then the listener's, unless it was asked for before. Go: LocalAddr.
    /// </summary>
    public NetAddress LocalAddress => _local is { IsPresumed: false } ? _local : AskLocalAddress();

    /// <summary>The other end. Known after Close too. Go: RemoteAddr.</summary>
    public NetAddress RemoteAddress => Peer!;

    /// <summary>As <see cref="RemoteAddress"/>; null for a socket without a fixed peer.</summary>
    internal NetAddress? Peer =>
        _remote ?? (_remoteRaw.Length == 0 ? null
            : Interlocked.CompareExchange(ref _remote, Endpoint.ToNetAddress(_network.Plain, _remoteRaw), null) ?? _remote); // one object: see HandlerFault

    internal Network Network => _network;

    internal SocketHandle Handle => _handle;

    // Neighbours in the list of a server's connections.
    internal Conn? ListNext { get; set; }

    internal Conn? ListPrevious { get; set; }

    /// <summary>Reads what is there, at least one byte; waits when nothing is. Go: Read.</summary>
    /// <param name="buffer">Receives the bytes. An empty one completes at once with 0.</param>
    /// <returns>Bytes read, at most the buffer's length; 0 at the end of the stream.</returns>
    /// <exception cref="OpError">Deadline, Close, or a connection error (reset).</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer) =>
        _handle.Start<ReadCall, ValueTask<int>>(new ReadCall(this, buffer));

    /// <summary>As <see cref="ReadAsync"/>, with the error as a value: never throws for what the network does. Go: Read.</summary>
    /// <returns>Count 0 without an error is the end of the stream; an error always comes with count 0.</returns>
    public ValueTask<IoResult> TryReadAsync(Memory<byte> buffer) =>
        _handle.Start<TryReadCall, ValueTask<IoResult>>(new TryReadCall(this, buffer));

    /// <summary>
    /// Reads what is there into a buffer of the loop's pool, which is rented when data is there: a waiting connection holds none.
    /// </summary>
    /// <returns>To be disposed. Length 0: the end of the stream.</returns>
    /// <exception cref="OpError">As <see cref="ReadAsync"/>.</exception>
    public ValueTask<ReadLease> ReadLeaseAsync() =>
        _handle.Start<LeaseCall, ValueTask<ReadLease>>(new LeaseCall(this, throws: true));

    /// <summary>As <see cref="ReadLeaseAsync"/>, with the error in the lease.</summary>
    public ValueTask<ReadLease> TryReadLeaseAsync() =>
        _handle.Start<LeaseCall, ValueTask<ReadLease>>(new LeaseCall(this, throws: false));

    /// <summary>Writes all of <paramref name="buffer"/>; waits while the kernel has no room. Go: Write.</summary>
    /// <returns>Ends when the last byte is with the kernel. An empty buffer asks whether the connection can be written to.</returns>
    /// <exception cref="OpError">
    /// Deadline, Close, CloseWrite or a connection error (reset, broken pipe); a part may have been written:
    /// <see cref="TryWriteAsync(ReadOnlyMemory{byte})"/> tells how much.
    /// </exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer) =>
        _handle.Start<WriteCall, ValueTask>(new WriteCall(this, buffer));

    /// <summary>As <see cref="WriteAsync(ReadOnlyMemory{byte})"/>, with the error as a value. Go: Write.</summary>
    /// <returns>Bytes that are with the kernel; fewer than the buffer's only with an error.</returns>
    public ValueTask<IoResult> TryWriteAsync(ReadOnlyMemory<byte> buffer) =>
        _handle.Start<TryWriteCall, ValueTask<IoResult>>(new TryWriteCall(this, buffer));

    /// <summary>
    /// Writes all of several buffers, in one system call where they fit; no other write comes in between. Go: Buffers.WriteTo.
    /// </summary>
    /// <param name="buffers">Of any length, above 2 GiB too. The sequence and its memory belong to the operation until its task has ended.</param>
    /// <exception cref="OpError">As <see cref="WriteAsync(ReadOnlyMemory{byte})"/>.</exception>
    public async ValueTask WriteAsync(ReadOnlySequence<byte> buffers)
    {
        CopyResult result = await TryWriteAsync(buffers);
        if (result.Error is not null)
        {
            throw result.Error;
        }
    }

    /// <summary>As <see cref="WriteAsync(ReadOnlySequence{byte})"/>, with the error as a value. Go: Buffers.WriteTo.</summary>
    /// <returns>Bytes that are with the kernel; fewer than the buffers' only with an error.</returns>
    public async ValueTask<CopyResult> TryWriteAsync(ReadOnlySequence<byte> buffers)
    {
        SendParts operation = SendParts.Rent(buffers);
        try
        {
            int code = (await RunAsync(Direction.Write, operation)).Code;
            return new CopyResult(operation.Sent, code < 0 ? CreateError("writev", code) : null);
        }
        finally
        {
            SendParts.Return(operation);
        }
    }

    /// <summary>
    /// Copies what is read here to <paramref name="destination"/> until the end of the stream, without a user-space buffer where the kernel
    /// can (splice(2)). Neither connection is closed. Go: io.Copy, TCPConn.ReadFrom.
    /// </summary>
    /// <param name="destination">Another connection, on any loop.</param>
    /// <param name="limit">Most bytes to copy; what follows stays here to be read.</param>
    /// <returns>Bytes copied.</returns>
    /// <exception cref="OpError">
    /// One of the two failed, by its deadlines or otherwise; bytes read here but not taken there are lost, as in Go.
    /// </exception>
    public async ValueTask<long> CopyToAsync(Conn destination, long limit = long.MaxValue)
    {
        CopyResult result = await TryCopyToAsync(destination, limit);
        return result.Error is null ? result.Count : throw result.Error;
    }

    /// <summary>As <see cref="CopyToAsync"/>, with the error as a value. Go: io.Copy.</summary>
    public ValueTask<CopyResult> TryCopyToAsync(Conn destination, long limit = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return ConnCopy.RunAsync(this, destination, limit);
    }

    /// <summary>Sets the deadline of reads and writes. Go: SetDeadline.</summary>
    /// <exception cref="OpError">The connection is closed.</exception>
    public void SetDeadline(Deadline deadline) => SetDeadline(deadline, ofReads: true, ofWrites: true);

    /// <summary>Sets the deadline of reads. Go: SetReadDeadline.</summary>
    /// <exception cref="OpError">The connection is closed.</exception>
    public void SetReadDeadline(Deadline deadline) => SetDeadline(deadline, ofReads: true, ofWrites: false);

    /// <summary>Sets the deadline of writes. Go: SetWriteDeadline.</summary>
    /// <exception cref="OpError">The connection is closed.</exception>
    public void SetWriteDeadline(Deadline deadline) => SetDeadline(deadline, ofReads: false, ofWrites: true);

    /// <summary>Sends small writes at once (on, the default) or lets the kernel join them (off). Go: SetNoDelay.</summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetNoDelay(bool on) => SetOption(on, SocketOptions.SetNoDelay);

    /// <summary>Probes a silent peer (on, the default). Go: SetKeepAlive.</summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetKeepAlive(bool on) => SetOption(on, SocketOptions.SetKeepAlive);

    /// <summary>
    /// Silence before the first probe, and time between probes; rounded up to whole seconds, 1 s to 32,767 s. Default 15 s. Go:
    /// SetKeepAlivePeriod.
    /// </summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused (zero, negative or too long).</exception>
    public void SetKeepAlivePeriod(TimeSpan period) => SetOption(period, SocketOptions.SetKeepAlivePeriod);

    /// <summary>
    /// What Close does with bytes not yet sent: negative (the default) sends them in the background; 0 drops them and sends a reset;
    /// above 0 sends them for at most so many seconds before the descriptor is released. Go: SetLinger.
    /// </summary>
    /// <remarks>With a value above 0 a Close off the loop blocks for as long; on the loop the waiting is left to the thread pool.</remarks>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetLinger(int seconds)
    {
        SetOption(seconds, SocketOptions.SetLinger);
        _handle.SetLingers(seconds > 0);
    }

    /// <summary>Size in bytes asked for the kernel's receive buffer (Linux doubles it). Go: SetReadBuffer.</summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetReadBuffer(int bytes) => SetOption(bytes, SocketOptions.SetReadBuffer, sourceOnly: true);

    /// <summary>Size in bytes asked for the kernel's send buffer (Linux doubles it). Go: SetWriteBuffer.</summary>
    /// <exception cref="OpError">The connection is closed, or the kernel refused.</exception>
    public void SetWriteBuffer(int bytes) => SetOption(bytes, SocketOptions.SetWriteBuffer, sourceOnly: true);

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
    public void CloseRead() => Shutdown(Direction.Read);

    /// <summary>
    /// Ends writing (half-close): the peer sees the end of the stream after what was written; reading goes on. A waiting write fails with
    /// "broken pipe". Go: CloseWrite.
    /// </summary>
    /// <exception cref="OpError">The connection is closed or broken.</exception>
    public void CloseWrite() => Shutdown(Direction.Write);

    /// <summary>
    /// Runs <paramref name="handler"/> for this connection on its loop and closes the connection when it ends, however it ends. Go:
    /// <c>go handle(c)</c>.
    /// </summary>
    /// <returns>
    /// Ends when the handler has ended and the connection is closed. It never fails: see <see cref="LoopOptions.OnHandlerFault"/>.
    /// </returns>
    public Task Go(Func<Conn, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return HandlerRunner.Run(this, handler);
    }

    /// <summary>The connection as a <see cref="Stream"/>, usable from any thread. After Close its calls fail as those of the connection.</summary>
    /// <param name="leaveOpen">Disposing the stream leaves the connection open. Default: it closes it.</param>
    public ConnStream AsStream(bool leaveOpen = false) => new(this, leaveOpen);

    /// <summary>
    /// The connection as a pair of pipes, without tasks in between: reading from Input reads from the connection, when asked and no more than a
    /// buffer; flushing Output waits until the kernel has taken the bytes. So neither side gathers what the other does not take.
    /// </summary>
    /// <param name="input">Null: the defaults, with a buffer that is rented only when data is there.</param>
    /// <param name="output">Null: the defaults.</param>
    /// <remarks>
    /// Completing Output ends writing (<see cref="CloseWrite"/>), completing Input ends reading; when both are completed the connection is
    /// closed, with a reset if received bytes are unread, as by <see cref="Close"/>. <c>Complete</c> with bytes not flushed sends them by
    /// blocking, and throws on a loop: use <c>CompleteAsync</c> there. What a canceled flush has not sent goes with the next. Each half is for one user at a time, as
    /// pipes are.
    /// </remarks>
    public IDuplexPipe AsPipe(StreamPipeReaderOptions? input = null, StreamPipeWriterOptions? output = null) =>
        new ConnPipe(this, input ?? new StreamPipeReaderOptions(useZeroByteReads: true), output ?? new StreamPipeWriterOptions());

    /// <summary>The raw descriptor, for what HotLoop has no member for. Valid after Close too: then its members fail. Go: SyscallConn.</summary>
    public RawConn SyscallConn() => new(this);

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
        int result = _handle.Duplicate();
        return result >= 0 ? new SafeFileHandle(result, ownsHandle: true) : throw CreateError("file", result, "fcntl");
    }

    OpError IErrorSource.CreateError(string operation, int code) => CreateError(operation, code);

    /// <summary>As <see cref="ReadAsync"/>; an empty buffer waits until there is something to read, and takes nothing.</summary>
    /// <exception cref="OperationCanceledException">Nothing has been read.</exception>
    internal ValueTask<int> ReadOrWaitAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : _handle.Start<ReadCall, ValueTask<int>>(new ReadCall(this, buffer, waitsWhenEmpty: true), cancellationToken);

    /// <summary>As <see cref="WriteAsync(ReadOnlyMemory{byte})"/>.</summary>
    /// <exception cref="OperationCanceledException">A part may have been written.</exception>
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : _handle.Start<WriteCall, ValueTask>(new WriteCall(this, buffer), cancellationToken);

    /// <summary>As the other, with the error as a value: kind Canceled, and how much was written until then.</summary>
    internal ValueTask<IoResult> TryWriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) =>
        _handle.Start<TryWriteCall, ValueTask<IoResult>>(new TryWriteCall(this, buffer), cancellationToken);

    /// <summary>Runs an operation to its end: its result, an <see cref="Outcome"/> or -errno.</summary>
    internal ValueTask<SlotResult> RunAsync(Direction direction, SocketOperation operation) =>
        _handle.Start<RunCall, ValueTask<SlotResult>>(new RunCall(direction, operation));

    /// <summary>Whether this call closed it.</summary>
    internal bool TryClose()
    {
        _local ??= AskLocalAddress(); // the text of later errors names it, and the kernel drops it with the descriptor
        bool closed = _handle.Close();
        if (closed)
        {
            GC.SuppressFinalize(this);
        }

        return closed;
    }

    internal void UseDescriptor(string operation, Action<int> use)
    {
        if (!_handle.TryUse(use))
        {
            throw ClosedError(operation);
        }
    }

    internal OpError CreateError(string operation, int code) => CreateError(operation, code, operation);

    internal OpError CreateError(string operation, int code, string call) =>
        OpError.FromCode(operation, _network.Name, LocalAddress, Peer, code, call);

    private NetAddress AskLocalAddress()
    {
        NetAddress? presumed = _local;
        NetAddress found = _handle.LocalAddress(_network);
        return presumed is not null && found.Port == 0 ? presumed : _local = found;
    }

    private void SetDeadline(Deadline deadline, bool ofReads, bool ofWrites)
    {
        if (!_handle.TrySetDeadline(deadline.Nanoseconds, ofReads, ofWrites))
        {
            throw ClosedError("set");
        }
    }

    private void SetOption<T>(T value, Func<int, T, int> set, bool sourceOnly = false)
    {
        int result = _handle.Call(set, value);
        if (result < 0)
        {
            throw sourceOnly
                ? OpError.FromCode("set", _network.Name, null, LocalAddress, result, "setsockopt")
                : CreateError("set", result, "setsockopt");
        }
    }

    private void Shutdown(Direction direction)
    {
        int result = _handle.Shutdown(direction);
        if (result < 0)
        {
            throw CreateError("close", result, "shutdown");
        }
    }

    // As Go: of what concerns this end alone, the error does not name the other.
    private OpError ClosedError(string operation) =>
        OpError.FromCode(operation, _network.Name, null, LocalAddress, Outcome.Closed, operation);
}
