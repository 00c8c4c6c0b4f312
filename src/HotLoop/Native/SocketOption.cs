namespace HotLoop.Native;

/// <summary>Options of sockets whose value is a number; on and off are 1 and 0.</summary>
internal enum SocketOption
{
    /// <summary>SO_REUSEADDR: a port whose old connections have yet to die out may be listened on.</summary>
    ReuseAddress,

    /// <summary>Several sockets share a port, and the kernel spreads what comes among them: SO_REUSEPORT of Linux, SO_REUSEPORT_LB of FreeBSD.</summary>
    SharePort,

    /// <summary>IP_BIND_ADDRESS_NO_PORT: bind(2) to an address leaves the port to connect(2).</summary>
    BindWithoutPort,

    /// <summary>SO_BROADCAST.</summary>
    Broadcast,

    /// <summary>SO_SNDBUF, in bytes.</summary>
    SendBuffer,

    /// <summary>SO_RCVBUF, in bytes.</summary>
    ReceiveBuffer,

    /// <summary>SO_KEEPALIVE.</summary>
    KeepAlive,

    /// <summary>TCP_KEEPIDLE: silence before the first probe, in seconds.</summary>
    KeepAliveIdle,

    /// <summary>TCP_KEEPINTVL: between probes, in seconds.</summary>
    KeepAliveInterval,

    /// <summary>TCP_KEEPCNT: probes without an answer before the connection is given up.</summary>
    KeepAliveProbes,

    /// <summary>TCP_NODELAY.</summary>
    NoDelay,

    /// <summary>IPV6_V6ONLY.</summary>
    IPv6Only,
}
