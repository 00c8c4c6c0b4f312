namespace HotLoop.Native;

/// <summary>What a socket carries: SOCK_STREAM and so on.</summary>
internal enum SocketKind
{
    /// <summary>One that HotLoop has no use for.</summary>
    Other,

    /// <summary>SOCK_STREAM: bytes over a connection.</summary>
    Stream,

    /// <summary>SOCK_DGRAM: messages, each by itself.</summary>
    Datagram,

    /// <summary>SOCK_SEQPACKET: messages over a connection.</summary>
    Records,
}
