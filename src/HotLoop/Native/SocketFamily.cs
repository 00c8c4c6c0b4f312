namespace HotLoop.Native;

/// <summary>The kind of addresses that a socket has: AF_UNIX and so on, whose numbers differ by system.</summary>
internal enum SocketFamily
{
    /// <summary>One that HotLoop has no use for.</summary>
    Other,

    /// <summary>AF_UNIX.</summary>
    Unix,

    /// <summary>AF_INET.</summary>
    IPv4,

    /// <summary>AF_INET6.</summary>
    IPv6,
}
