using System.Net;
using HotLoop.Naming;
using HotLoop.Serving;
using HotLoop.Sockets;
using Microsoft.Win32.SafeHandles;

namespace HotLoop;

/// <summary>
/// Accepts on every loop and runs a handler for each connection, which it closes when the handler ends. The loop that every Go server
/// writes by hand (<c>for { c, _ := l.Accept(); go handle(c) }</c>), with the ends that such loops forget.
/// </summary>
/// <remarks>
/// <para>
/// With several loops each has a listening socket of its own on the same port, and the kernel spreads connections over them
/// (SO_REUSEPORT); a connection never changes its loop. The port must be free of others when the server starts. On a Unix socket, and where
/// <see cref="ServerOptions.SharedListener"/> says so, the loops share one listening socket.
/// </para>
/// <para>
/// When the last descriptors are reached (some are kept free for the runtime, 16 and one a loop), or accepting fails, the server pauses it (5 ms,
/// doubling to 1 s), reports that at most once a minute, and goes on when it works again; connections already served are not affected.
/// </para>
/// <para>Safe for use from any thread.</para>
/// </remarks>
public sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan s_shortestGrace = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly List<Acceptor> _acceptors = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _force = new(); // the drain is over
    private readonly TimeSpan _idleGrace;
    private int _isStopping;

    private Server(NetAddress address, TimeSpan idleGrace)
    {
        Address = address;
        _idleGrace = idleGrace;
    }

    /// <summary>Where it listens, with the port that the kernel chose for port 0.</summary>
    public NetAddress Address { get; }

    /// <summary>Connections being served now.</summary>
    public int ConnectionCount => _acceptors.Sum(a => a.ConnectionCount);

    /// <summary>
    /// Canceled when the server begins to stop, before idle connections are ended: a handler that watches it can say goodbye. What a handler throws
    /// because of it (<see cref="OperationCanceledException"/>) is no fault.
    /// </summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Ends when the server has stopped and its last handler has ended.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Listens and serves.</summary>
    /// <param name="network">"tcp", "tcp4", "tcp6", "unix" or "unixpacket".</param>
    /// <param name="address">As <see cref="ListenConfig.Listen(string, string)"/>.</param>
    /// <param name="handler">Runs on the connection's loop and must not block it.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="OpError">As <see cref="ListenConfig.Listen(string, string)"/>.</exception>
    public static Server Listen(string network, string address, Func<Conn, Task> handler, ServerOptions? options = null) =>
        Serve(ListenConfig.Parse(network, address, connections: true), handler, options);

    /// <summary>Listens and serves.</summary>
    /// <param name="endPoint">As <see cref="ListenConfig.Listen(EndPoint)"/>.</param>
    /// <param name="handler">Runs on the connection's loop and must not block it.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The end point is of another type.</exception>
    /// <exception cref="OpError">As <see cref="ListenConfig.Listen(EndPoint)"/>.</exception>
    public static Server Listen(EndPoint endPoint, Func<Conn, Task> handler, ServerOptions? options = null) =>
        Serve(Target.Of(endPoint, connections: true), handler, options);

    /// <summary>
    /// Stops: <see cref="Stopping"/> is canceled; connections that the kernel has queued are still served (without a drain, or beyond
    /// <see cref="ServerOptions.MaxConnections"/>, they are refused), later ones are refused. Those being served may end by themselves within
    /// <paramref name="drain"/>, idle ones are ended (<see cref="ServerOptions.IdleGrace"/>), and what is left is closed, which handlers see as kind
    /// <see cref="OpErrorKind.Closed"/>; what they throw because of it is no fault. Ends when all handlers have ended. May be called again: the
    /// drain that ends first holds.
    /// </summary>
    /// <param name="drain">Zero: none. <see cref="Timeout.InfiniteTimeSpan"/>: until all have ended. At most 24 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">The drain is negative or too long.</exception>
    public async Task StopAsync(TimeSpan drain)
    {
        if (drain != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(drain, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(drain, s_longest);
        }

        using CancellationTokenSource timer = new(drain);
        await StopAsync(timer.Token).ConfigureAwait(false);
    }

    /// <summary>As <see cref="StopAsync(TimeSpan)"/>, with a drain that <paramref name="cancellationToken"/> ends.</summary>
    /// <param name="cancellationToken">Ends the drain, not the stop: the task ends when all handlers have ended, and is not canceled.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration forced = cancellationToken.UnsafeRegister(static force => ((CancellationTokenSource)force!).Cancel(), _force);
        if (Interlocked.Exchange(ref _isStopping, 1) == 0)
        {
            try
            {
                // What handlers have registered runs first, but does not hold up the end of the drain.
                await Callback.Cancel(_stopping).WaitAsync(_force.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await Task.WhenAll(_acceptors.Select(a => a.StopAsync(_idleGrace, _force.Token))).ConfigureAwait(false);
            }
            finally
            {
                _stopped.SetResult();
            }
        }

        await _stopped.Task.ConfigureAwait(false);
    }

    /// <summary>Stops at once: <see cref="StopAsync(TimeSpan)"/> without a drain.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero).ConfigureAwait(false);

    private static Server Serve(in Target target, Func<Conn, Task> handler, ServerOptions? options)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new ServerOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxConnections, nameof(options));
        if (options.IdleGrace != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(options.IdleGrace, s_shortestGrace, nameof(options));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(options.IdleGrace, s_longest, nameof(options));
        }

        LoopGroup group = options.Loops ?? LoopGroup.Default;
        SemaphoreSlim? limit = options.MaxConnections > 0 ? new SemaphoreSlim(options.MaxConnections) : null;

        PauseReport onPaused = new(options.OnAcceptPaused ?? ReportPause);
        List<Listener> listeners = OpenListeners(target, options, group);
        Server server = new(listeners[0].Address, options.IdleGrace);
        for (int i = 0; i < listeners.Count; i++)
        {
            server._acceptors.Add(new Acceptor(listeners[i], group.Loops[i], handler, limit, onPaused, server.Stopping));
        }

        foreach (Acceptor acceptor in server._acceptors)
        {
            acceptor.Start();
        }

        return server;
    }

    private static List<Listener> OpenListeners(in Target target, ServerOptions options, LoopGroup group)
    {
        ListenConfig config = options.Listen;
        Network found = target.Network;
        Endpoint endpoint = ListenConfig.Resolve(target);
        bool isShared = found.IsUnix || options.SharedListener || group.Loops.Count == 1;
        PortSharing firstSharing = config.ReusePort ? PortSharing.Open
            : isShared ? PortSharing.None
            : PortSharing.FirstOfGroup;
        List<Listener> listeners = [config.Open(found, endpoint, firstSharing, group.Loops[0], spread: null)];
        try
        {
            foreach (Loop loop in group.Loops.Skip(1))
            {
                listeners.Add(isShared
                    ? SecondListener(listeners[0], found, loop)
                    : config.Open(found, WithPort(endpoint, listeners[0].Address.Port), PortSharing.Open, loop, spread: null));
            }
        }
        catch (OpError)
        {
            listeners.ForEach(l => l.Dispose());
            throw;
        }

        return listeners;
    }

    // The other loops watch duplicates of the one listening socket, and whichever is first takes a connection.
    private static Listener SecondListener(Listener first, Network network, Loop loop)
    {
        using SafeFileHandle handle = first.DuplicateHandle();
        int fd = (int)handle.DangerousGetHandle();
        handle.SetHandleAsInvalid();
        return Listener.AdoptShared(fd, network, loop, spread: null);
    }

    private static Endpoint WithPort(in Endpoint endpoint, int port) => endpoint.HasHost
        ? Endpoint.Of(endpoint.Shown.Network, endpoint.Shown.Ip!, port, endpoint.Shown.Zone)
        : Endpoint.WithoutHost(endpoint.Shown.Network, port);

    private static void ReportPause(OpError error) => ErrorLines.Default.Write($"{error.Message}; accepting pauses");
}
