namespace HotLoop.Serving;

/// <summary>Whose fault it is that a handler threw.</summary>
internal static class HandlerFault
{
    /// <summary>The connection was lost: its peer reset it or vanished, or its deadline passed, and the handler let that through.</summary>
    internal static bool IsLoss(Conn conn, Exception thrown) => ErrorOf(conn, thrown) is { IsLossOfPeer: true };

    /// <summary>What the handler's task ended with; of several exceptions the first that is no loss.</summary>
    internal static Exception Of(Conn conn, Task task) => task.Exception is not { } all ? new TaskCanceledException(task)
        : all.InnerExceptions.FirstOrDefault(e => !IsLoss(conn, e)) ?? all.InnerExceptions[0];

    /// <summary>What a handler throws because the server told it to stop, or closed its connection.</summary>
    internal static bool IsConsequenceOf(ServingStage stage, Conn conn, Exception thrown) => stage switch
    {
        ServingStage.Draining => thrown is OperationCanceledException or EndOfStreamException // the end that an idle connection was made to see
            || ErrorOf(conn, thrown) is { Kind: OpErrorKind.Closed },
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
                NetAddress? about = error.Addr ?? error.Source; // of what concerns this end alone, its own address
                return ReferenceEquals(about, conn.Peer) || ReferenceEquals(about, conn.LocalAddress) ? error : null;
            }
        }

        return null;
    }
}
