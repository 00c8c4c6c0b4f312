using HotLoop.Serving;
using HotLoop.Sockets;

namespace HotLoop;

/// <summary>How to connect: Go's <c>net.Dialer</c>. Immutable; one object may serve many calls.</summary>
public sealed class Dialer
{
    /// <summary>
    /// Longest time for the whole of a dial, look-up included. Null (default): none but the kernel's (about two minutes). Zero or
    /// negative: already over.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Moment at which a dial ends without success; with <see cref="Timeout"/>, the earlier holds. Default: none.</summary>
    public Deadline Deadline { get; init; }

    /// <summary>The local address to connect from. Null (default): the kernel chooses.</summary>
    public NetAddress? LocalAddress { get; init; }

    /// <summary>Keep-alive period. Zero (default): 15 s. Negative: no keep-alive.</summary>
    public TimeSpan KeepAlive { get; init; }

    /// <summary>
    /// The loops for new connections. Null (default): <see cref="LoopGroup.Default"/>. On one of them, the connection lives on the
    /// calling loop.
    /// </summary>
    public LoopGroup? Loops { get; init; }

    /// <summary>Connects. Go: Dialer.DialContext.</summary>
    /// <param name="network">"tcp", "tcp4" or "tcp6".</param>
    /// <param name="address">"host:port". Without a host, this machine. A name is looked up; its addresses are tried in turn.</param>
    /// <param name="cancellationToken">Ends the dial; has no effect on the connection afterwards.</param>
    /// <exception cref="OpError">
    /// The address is malformed or unknown; nobody listens; time is up (<see cref="OpError.Timeout"/>); canceled. With several
    /// addresses, the error of the first.
    /// </exception>
    public async Task<Conn> DialAsync(string network, string address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(address);
        Deadline deadline = Timeout is { } timeout ? Deadline.Earlier(Deadline, Deadline.After(timeout)) : Deadline;
        IReadOnlyList<TcpEndpoint> remotes = await ResolveAsync(network, address, deadline, cancellationToken);
        OpError? first = null;
        foreach (TcpEndpoint remote in remotes)
        {
            TcpEndpoint? local = LocalFor(network, remote, out OpError? error);
            if (error is null)
            {
                DialAttempt attempt = new(network, remote, local, KeepAlive, (Loops ?? LoopGroup.Default).Choose());
                (Conn? conn, error) = await attempt.RunAsync(deadline, cancellationToken);
                if (conn is not null)
                {
                    return conn;
                }
            }

            first ??= error;
        }

        throw first!;
    }

    private static async ValueTask<IReadOnlyList<TcpEndpoint>> ResolveAsync(
        string network, string address, Deadline deadline, CancellationToken cancellationToken)
    {
        using CancellationTokenSource? timer = CancelAt(deadline, cancellationToken);
        Resolver.Resolution resolution = await Resolver.ResolveAsync("dial", network, address, timer?.Token ?? cancellationToken);
        if (resolution.Error is null)
        {
            return resolution.Endpoints;
        }

        bool timedOut = resolution.Kind == OpErrorKind.Canceled && !cancellationToken.IsCancellationRequested;
        throw timedOut
            ? OpError.FromText("dial", network, null, null, OpErrorKind.DeadlineExceeded, $"lookup {address}: i/o timeout")
            : OpError.FromText("dial", network, null, null, resolution.Kind, resolution.Error);
    }

    private static CancellationTokenSource? CancelAt(Deadline deadline, CancellationToken cancellationToken)
    {
        if (deadline.IsNone)
        {
            return null;
        }

        CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long milliseconds = (deadline.Nanoseconds - Timers.Clock.Now) / Timers.Clock.NanosecondsPerMillisecond;
        if (milliseconds < int.MaxValue)
        {
            source.CancelAfter((int)Math.Max(milliseconds, 0));
        }

        return source;
    }

    private TcpEndpoint? LocalFor(string network, in TcpEndpoint remote, out OpError? error)
    {
        error = null;
        if (LocalAddress is null)
        {
            return null;
        }

        TcpEndpoint local = LocalAddress.Ip is null
            ? TcpEndpoint.WithoutHost(LocalAddress.Port)
            : TcpEndpoint.Of(LocalAddress.Ip, LocalAddress.Port, LocalAddress.Zone);
        string? complaint = !LocalAddress.Network.StartsWith("tcp", StringComparison.Ordinal) ? "mismatched local address type"
            : local.HasHost && remote.HasHost && local.Raw.Length != remote.Raw.Length ? "no suitable address found"
            : null;
        if (complaint is not null)
        {
            error = OpError.FromText("dial", network, null, null, OpErrorKind.Address, $"address {LocalAddress}: {complaint}");
        }

        return local;
    }
}
