namespace HotLoop.Serving;

/// <summary>Runs a connection's handler on its loop; whatever happens, the connection is closed afterwards.</summary>
internal static class HandlerRunner
{
    internal static Task Run(Conn conn, Func<Conn, Task> handler) =>
        conn.Loop.IsCurrent ? RunHere(conn, handler) : RunThere(conn, handler);

    // A continuation instead of an async method: on a thread with a SynchronizationContext an await would allocate more
    // for each idle connection, and could not be resumed inline when the handler ends.
    private static Task RunHere(Conn conn, Func<Conn, Task> handler)
    {
        Task task;
        try
        {
            task = handler(conn);
        }
        catch (Exception e)
        {
            task = Task.FromException(e);
        }

        if (task.IsCompleted)
        {
            End(task, conn);
            return Task.CompletedTask;
        }

        return task.ContinueWith(
            static (task, conn) => End(task, (Conn)conn!),
            conn,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private static async Task RunThere(Conn conn, Func<Conn, Task> handler)
    {
        await conn.Loop.SwitchTo();
        await RunHere(conn, handler).ConfigureAwait(false);
    }

    private static void End(Task task, Conn conn)
    {
        conn.TryClose();
        conn.Owner?.OnEnded(conn);
        if (task.IsCompletedSuccessfully)
        {
            return;
        }

        Exception fault = task.Exception?.InnerException ?? new TaskCanceledException(task);
        if (conn.Loop.IsCurrent)
        {
            conn.Loop.Group.OnHandlerFault(conn, fault);
        }
        else
        {
            conn.Loop.Post(_ => conn.Loop.Group.OnHandlerFault(conn, fault));
        }
    }
}
