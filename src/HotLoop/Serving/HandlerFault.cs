namespace HotLoop.Serving;

/// <summary>Whose fault it is that a handler threw.</summary>
internal static class HandlerFault
{
    /// <summary>The connection was lost: its peer reset it or vanished, or its deadline passed, and the handler let that through.</summary>
    internal static bool IsLoss(Conn conn, Exception thrown) => ErrorOf(conn, thrown) is { IsLossOfPeer: true };

    /// <summary>What a handler throws because the server told it to stop, or closed its connection.</summary>
    internal static bool IsConsequenceOf(ServingStage stage, Conn conn, Exception thrown) => stage switch
    {
        ServingStage.Draining => thrown is OperationCanceledException or EndOfStreamException, // the end that an idle connection was made to see
        ServingStage.Closing => thrown is OperationCanceledException or EndOfStreamException or ObjectDisposedException
            || ErrorOf(conn, thrown) is not null,
        _ => false,
    };

    // The error of this connection, not of another one that the handler uses: a stream wraps it, TLS wraps that again.
    private static OpError? ErrorOf(Conn conn, Exception thrown)
    {
        for (Exception? e = thrown; e is not null; e = e.InnerException)
        {
            if (e is OpError error)
            {
                return ReferenceEquals(error.Addr ?? error.Source, error.Addr is null ? conn.LocalAddress : conn.Peer) ? error : null;
            }
        }

        return null;
    }
}
