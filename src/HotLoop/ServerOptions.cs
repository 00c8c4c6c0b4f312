namespace HotLoop;

/// <summary>How a <see cref="Server"/> listens and serves. Read once, when the server is made.</summary>
public sealed class ServerOptions
{
    /// <summary>The loops that serve. Null (default): <see cref="LoopGroup.Default"/>.</summary>
    public LoopGroup? Loops { get; init; }

    /// <summary>How the listening sockets are made; its <see cref="ListenConfig.Loops"/> is not used.</summary>
    public ListenConfig Listen { get; init; } = new();

    /// <summary>
    /// Whether the loops accept from one listening socket of TCP, and whichever is first takes a connection, instead of from one each, over which the
    /// kernel spreads them by their addresses. Default false. True: a loop that is busy takes fewer; each connection wakes every loop that sleeps.
    /// Of a Unix socket there is always one.
    /// </summary>
    public bool SharedListener { get; init; }

    /// <summary>
    /// Most connections served at once. Further ones wait: one accepted per loop, the others in the kernel's queue. Default 0: no
    /// limit but the process's descriptors.
    /// </summary>
    public int MaxConnections { get; init; }

    /// <summary>
    /// While the server stops: how long a connection may wait for its peer, in one read, before it counts as idle. Then that read and later ones see
    /// the end of the stream, as after <see cref="Conn.CloseRead"/>, and the handler ends as if the peer had gone: an idle connection does
    /// not cost the whole drain. Default 250 ms. <see cref="Timeout.InfiniteTimeSpan"/>: the drain alone decides. 1 ms to 24 days. A connection that only writes,
    /// and reads to notice that the peer has gone, is not idle while a write waits; one whose handler computes meanwhile is.
    /// </summary>
    public TimeSpan IdleGrace { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Called when accepting had to pause (out of descriptors or memory), at most once a minute; on a loop. Default: one line to
    /// standard error.
    /// </summary>
    public Action<OpError>? OnAcceptPaused { get; init; }
}
