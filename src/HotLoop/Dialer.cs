using System.Net;
using System.Net.Sockets;
using HotLoop.Dialing;
using HotLoop.Naming;

namespace HotLoop;

/// <summary>How to connect: Go's <c>net.Dialer</c>. Immutable; one object may serve many calls, from any thread.</summary>
public sealed class Dialer
{
    // The runtime's timers were seen to be up to 4 ms early by the clock that deadlines go by.
    private const int TimerStepMilliseconds = 5;

    /// <summary>
    /// Longest time for the whole of a dial, look-up included. Null (default): none but the kernel's (about two minutes). Zero or
    /// negative: already over. Go: Timeout.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Moment at which a dial ends without success; with <see cref="Timeout"/>, the earlier holds. Default: none. Go: Deadline.
    /// </summary>
    public Deadline Deadline { get; init; }

    /// <summary>The local address to connect from. Null (default): the kernel chooses. Go: LocalAddr.</summary>
    public NetAddress? LocalAddress { get; init; }

    /// <summary>Keep-alive period of TCP. Zero (default): 15 s. Negative: no keep-alive. Rounded up to whole seconds; at most
    /// 32,767 s, which longer ones become. Go: KeepAlive.</summary>
    public TimeSpan KeepAlive { get; init; }

    /// <summary>
    /// For a name with IPv4 and IPv6 addresses on network "tcp": how long the family that the look-up names first has before the other is
    /// tried beside it (RFC 6555). Zero (default): 300 ms. Negative: one address after the other. Go: FallbackDelay.
    /// </summary>
    public TimeSpan FallbackDelay { get; init; }

    /// <summary>
    /// Looks up host names, any number at a time; an exception ends the dial. It is given every host that is no IP address and has no NUL.
    /// Null (default): the system's resolver, for domain names. Go: Resolver.
    /// </summary>
    public Func<string, CancellationToken, Task<IPAddress[]>>? Resolver { get; init; }

    /// <summary>Called with each new socket before it connects. Null (default): nothing. Go: Control.</summary>
    public SocketControl? Control { get; init; }

    /// <summary>
    /// The loops for new connections. Null (default): <see cref="LoopGroup.Default"/>. On one of them, the connection lives on the
    /// calling loop.
    /// </summary>
    public LoopGroup? Loops { get; init; }

    /// <summary>Connects. Go: Dialer.DialContext.</summary>
    /// <param name="network">"tcp", "tcp4", "tcp6", "unix" or "unixpacket".</param>
    /// <param name="address">
    /// "host:port"; without a host, this machine. A name is looked up, and its addresses are tried in turn, each with its share of the time
    /// (at least 2 s). For Unix sockets a path, or "@" and an abstract name.
    /// </param>
    /// <param name="cancellationToken">Ends the dial; has no effect on the connection afterwards.</param>
    /// <exception cref="OpError">
    /// The address is malformed or unknown; nobody listens; time is up (<see cref="OpError.Timeout"/>); canceled. With several
    /// addresses, the error of the first.
    /// </exception>
    public Task<Conn> DialAsync(string network, string address, CancellationToken cancellationToken = default) =>
        DialTextAsync(network, address, connections: true, cancellationToken);

    /// <summary>Connects, as <see cref="DialAsync(string, string, CancellationToken)"/>, without a text to take apart. Go: net.DialTCP, net.DialUnix.</summary>
    /// <param name="endPoint">
    /// An <see cref="IPEndPoint"/>; a <see cref="DnsEndPoint"/>, whose family, if it has one, makes the network "tcp4" or "tcp6"; or a
    /// <see cref="UnixDomainSocketEndPoint"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the dial; has no effect on the connection afterwards.</param>
    /// <exception cref="ArgumentException">The end point is of another type.</exception>
    /// <exception cref="OpError">As <see cref="DialAsync(string, string, CancellationToken)"/>.</exception>
    public Task<Conn> DialAsync(EndPoint endPoint, CancellationToken cancellationToken = default) =>
        DialTargetAsync(Target.Of(endPoint, connections: true), cancellationToken);

    /// <summary>Makes a datagram socket with a fixed peer. Go: Dialer.DialContext, which returns a UDPConn or UnixConn.</summary>
    /// <param name="network">"udp", "udp4", "udp6" or "unixgram".</param>
    /// <param name="address">As <see cref="DialAsync(string, string, CancellationToken)"/>. Nothing is sent, so nobody need be there.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <exception cref="OpError">The address is malformed, unknown or cannot be reached; canceled.</exception>
    public async Task<PacketConn> DialPacketAsync(string network, string address, CancellationToken cancellationToken = default) =>
        new(await DialTextAsync(network, address, connections: false, cancellationToken));

    /// <summary>Makes a datagram socket with a fixed peer. Go: net.DialUDP, net.DialUnix.</summary>
    /// <param name="endPoint">As <see cref="DialAsync(EndPoint, CancellationToken)"/>, of networks "udp", "udp4", "udp6" and "unixgram".</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <exception cref="ArgumentException">The end point is of another type.</exception>
    /// <exception cref="OpError">The address is unknown or cannot be reached; canceled.</exception>
    public Task<PacketConn> DialPacketAsync(EndPoint endPoint, CancellationToken cancellationToken = default)
    {
        Target target = Target.Of(endPoint, connections: false);
        return Dial();

        async Task<PacketConn> Dial() => new(await DialTargetAsync(target, cancellationToken));
    }

    private async Task<Conn> DialTextAsync(string network, string address, bool connections, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(address);
        Network found = NetworkNames.Require("dial", network, address, connections);
        return await DialTargetAsync(Target.Parse("dial", found, address), cancellationToken);
    }

    private async Task<Conn> DialTargetAsync(Target target, CancellationToken cancellationToken)
    {
        Deadline deadline = Timeout is { } timeout ? Deadline.Earlier(Deadline, Deadline.After(timeout)) : Deadline;
        IReadOnlyList<Endpoint> remotes = await ResolveAsync(target, deadline, cancellationToken);
        (Conn? conn, OpError? error) = await new DialRace(this, target.Network).RunAsync(remotes, deadline, cancellationToken);
        return conn ?? throw error!;
    }

    private async ValueTask<IReadOnlyList<Endpoint>> ResolveAsync(Target target, Deadline deadline, CancellationToken cancellationToken)
    {
        using CancellationTokenSource? timer = CancelAt(deadline, cancellationToken);
        Naming.Resolver.Resolution resolution =
            await Naming.Resolver.ResolveAsync("dial", target, Resolver, timer?.Token ?? cancellationToken);
        if (resolution.Error is null)
        {
            return resolution.Endpoints;
        }

        bool timedOut = resolution.Kind == OpErrorKind.Canceled
            && timer is { IsCancellationRequested: true }
            && !cancellationToken.IsCancellationRequested;
        throw timedOut
            ? OpError.FromText("dial", target.Network.Name, null, null, OpErrorKind.DeadlineExceeded, $"lookup {target.Host}: i/o timeout")
            : OpError.FromText("dial", target.Network.Name, null, null, resolution.Kind, resolution.Error);
    }

    private static CancellationTokenSource? CancelAt(Deadline deadline, CancellationToken cancellationToken)
    {
        if (deadline.IsNone)
        {
            return null;
        }

        CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long left = deadline.Nanoseconds - Parking.Scheduler.CurrentClock.Now;
        long milliseconds = left <= 0 ? 0 : (left / Timers.Clock.NanosecondsPerMillisecond) + TimerStepMilliseconds;
        if (milliseconds < int.MaxValue)
        {
            source.CancelAfter((int)milliseconds);
        }

        return source;
    }
}
