namespace HotLoop.Import;

/// <summary>What a descriptor that was made elsewhere must be.</summary>
internal enum ImportKind
{
    /// <summary>A socket with a peer.</summary>
    Connection,

    /// <summary>A socket that listens.</summary>
    Listener,

    /// <summary>A datagram socket.</summary>
    Packets,
}
